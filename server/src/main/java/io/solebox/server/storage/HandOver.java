package io.solebox.server.storage;

import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives what the person at this machine has kept, while nobody had an account, to the first who has
 * one. Nothing is sealed anew for that: who has it uses the key that it was sealed with, and what
 * still is on its way under the old name goes to the new one. It stays so for good: where somebody
 * has an account, somebody always has one.
 */
public final class HandOver {
  private static final byte[] SAME_KEY = {2};

  private HandOver() {}

  /**
   * Gives it all to somebody who has nothing yet, inside a transaction, and what was used for it,
   * too.
   *
   * @return how many of what, as in {@code responses}
   */
  public static Map<String, Long> to(Sql sql, String heir) throws SQLException {
    sql.update("INSERT INTO owner_key (owner, wrapped) VALUES (?, ?)", heir, SAME_KEY);
    for (String table : Owners.tables(sql)) {
      sql.update("UPDATE " + table + " SET owner = ? WHERE owner = ?", heir, Owners.HERE);
    }
    // Whoever has nothing yet has used nothing, so no two rows become one.
    sql.update("UPDATE usage_of_day SET payer = ? WHERE payer = ?", heir, Owners.HERE);
    return counts(sql, heir);
  }

  /** How many of what an owner has. */
  public static Map<String, Long> counts(Sql sql, String owner) throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    for (String table : Owners.tables(sql)) {
      long rows =
          sql.first(
                  row -> row.getLong(1),
                  "SELECT COUNT(*) FROM " + table + " WHERE owner = ?",
                  owner)
              .orElseThrow();
      if (rows > 0) {
        counts.merge(plural(table.replaceFirst("^" + Owners.PLAIN, "")), rows, Long::sum);
      }
    }
    return counts;
  }

  private static String word(String plural, long count) {
    String word = count == 1 ? plural.replaceFirst("((?<=ch)e)?s$", "") : plural;
    return word.replace('_', ' ');
  }

  private static String plural(String table) {
    return table + (table.endsWith("ch") ? "es" : "s");
  }

  /** What follows the name of who got it; nothing where there was nothing. */
  public static String told(Map<String, Long> counts) {
    return counts.isEmpty() ? "" : ", and has what was kept here before: " + words(counts);
  }

  /** Counts in words, as in {@code 2 files, 1 response}. */
  public static String words(Map<String, Long> counts) {
    List<String> words =
        counts.entrySet().stream()
            .map(each -> each.getValue() + " " + word(each.getKey(), each.getValue()))
            .toList();
    return String.join(", ", words);
  }

  /** Whose things are that are written under an owner's name: another's after it was all given. */
  public static String owner(Sql sql, String owner) throws SQLException {
    return owner.equals(Owners.HERE) ? heir(sql).orElse(owner) : owner;
  }

  /** To whom it was given. */
  public static Optional<String> heir(Sql sql) throws SQLException {
    return sql.first(
        row -> row.getString(1),
        "SELECT owner FROM owner_key WHERE wrapped = ? ORDER BY rowid DESC LIMIT 1",
        SAME_KEY);
  }

  /** Whether what is kept as an owner's key says that it is the one of before. */
  public static boolean isSameKey(byte[] kept) {
    return kept.length == SAME_KEY.length && kept[0] == SAME_KEY[0];
  }
}
