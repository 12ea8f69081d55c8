package io.solebox.server.accounts.factors;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Who must bring more than a password.
 *
 * @param words {@code role:NAME} and {@code group:NAME}; none for nobody
 */
public record FactorRules(List<String> words) {
  private static final String SETTING = "second_factor_required";
  private static final String ROLE = "role:";
  private static final String GROUP = "group:";

  public FactorRules {
    words = List.copyOf(words);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if a word is neither
   */
  public static FactorRules parse(List<String> words) {
    return new FactorRules(words.stream().map(FactorRules::checked).distinct().toList());
  }

  private static String checked(String word) {
    if (word.startsWith(ROLE)) {
      return ROLE + Role.of(word.substring(ROLE.length())).name().toLowerCase(Locale.ROOT);
    }
    if (word.startsWith(GROUP) && word.length() > GROUP.length() && !word.contains(" ")) {
      return word;
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "required",
        "'" + word + "' names neither a role nor a group.",
        "Write role:admin, role:user, role:viewer or group:NAME.");
  }

  static FactorRules read(Sql sql) throws SQLException {
    String text =
        sql.first(
                row -> row.getString(1),
                "SELECT value FROM account_setting WHERE name = ?",
                SETTING)
            .orElse("");
    return new FactorRules(Arrays.stream(text.split(" ")).filter(w -> !w.isEmpty()).toList());
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is no such group
   */
  void write(Sql sql) throws SQLException {
    for (String word : words) {
      if (word.startsWith(GROUP)) {
        requireGroup(sql, word.substring(GROUP.length()));
      }
    }
    sql.update(
        "INSERT INTO account_setting (name, value) VALUES (?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        SETTING,
        String.join(" ", words));
  }

  private static void requireGroup(Sql sql, String name) throws SQLException {
    if (sql.first(_ -> true, "SELECT 1 FROM user_group WHERE name = ?", name).isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "required",
          "There is no group '" + name + "'.",
          "'solebox users groups' lists them.");
    }
  }

  boolean holdFor(User user) {
    return words.contains(ROLE + user.role().word())
        || user.group().filter(name -> words.contains(GROUP + name)).isPresent();
  }
}
