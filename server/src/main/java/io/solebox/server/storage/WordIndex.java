package io.solebox.server.storage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConnection;

/**
 * Finds texts by their words, best first by BM25 (<a href="https://sqlite.org/fts5.html">FTS5</a>
 * in a database of its own that is in memory only; {@link Database} has no part in it). It keeps
 * words and not the texts: without case and accents, English ones without their endings. Safe for
 * many threads, of which one is in it at a time.
 */
public final class WordIndex implements AutoCloseable {
  /**
   * Places in texts that a search looks at, more or less: some 30 ms. Words that stand in most
   * texts say little of any, so the rarest come first, and those for which there is no room any
   * more do not count.
   */
  private static final int PLACES = 20_000;

  /** Different words of a question; no question that somebody asks has so many. */
  static final int MOST_WORDS = 256;

  /** Words whose places are remembered until something changes. */
  private static final int MOST_COUNTED = 10_000;

  private final SQLiteConnection connection;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Integer> places = new HashMap<>(); // this and the rest guarded by lock
  private boolean removed;

  /**
   * A text that was found.
   *
   * @param score of BM25; more is better, and it compares within one search only
   */
  public record Hit(long id, double score) {}

  private WordIndex(SQLiteConnection connection) {
    this.connection = connection;
  }

  /** One without texts. */
  public static WordIndex empty() {
    try {
      WordIndex index = new WordIndex(connect());
      index
          .sql()
          .update(
              "CREATE VIRTUAL TABLE words USING fts5(text, content='', contentless_delete=1,"
                  + " tokenize='porter unicode61 remove_diacritics 2')");
      return index;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * One that was saved.
   *
   * @throws SoleboxException {@code IO_ERROR} if it is none, or damaged
   */
  public static WordIndex open(byte[] saved) {
    try {
      SQLiteConnection connection = connect();
      try {
        connection.deserialize("main", saved);
        WordIndex index = new WordIndex(connection);
        index.check();
        return index;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static SQLiteConnection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPragma(Pragma.SECURE_DELETE, "true"); // also of what is saved
    Connection connection = config.createConnection("jdbc:sqlite::memory:");
    return connection.unwrap(SQLiteConnection.class);
  }

  private void check() throws SQLException {
    sql().list(row -> row.getLong(1), "SELECT rowid FROM words LIMIT 1");
    String found = sql().first(row -> row.getString(1), "PRAGMA quick_check(1)").orElseThrow();
    if (!found.equals("ok")) {
      throw new SQLException(found);
    }
  }

  private Sql sql() {
    return new Sql(connection);
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws SQLException;
  }

  @FunctionalInterface
  private interface Change {
    void run() throws SQLException;
  }

  private <T> T locked(Step<T> step) {
    lock.lock();
    try {
      if (connection.isClosed()) {
        throw new SoleboxException(
            ErrorCode.CLOSED, "words", "They are no longer in memory.", "Ask again.");
      }
      return step.run();
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      lock.unlock();
    }
  }

  private static SoleboxException failure(SQLException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        "words",
        "The words of documents cannot be looked up: " + cause.getMessage() + ".",
        "Have them read again; the documents are as they were.",
        cause);
  }

  /** All of it or nothing. */
  private void change(Change change) {
    locked(
        () -> {
          places.clear();
          sql().update("BEGIN");
          try {
            change.run();
            return sql().update("COMMIT");
          } catch (SQLException | RuntimeException e) {
            sql().update("ROLLBACK");
            throw e;
          }
        });
  }

  /** Adds texts, or changes those that there are of these ids; many at once are quicker. */
  public void put(Map<Long, String> texts) {
    change(
        () -> {
          delete(texts.keySet());
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO words(rowid, text) VALUES (?, ?)")) {
            for (Map.Entry<Long, String> text : texts.entrySet()) {
              insert.setLong(1, text.getKey());
              insert.setString(2, IndexedText.indexed(text.getValue()));
              insert.executeUpdate();
            }
          }
        });
  }

  /** Removes texts; ids that are not there are passed over. */
  public void remove(Collection<Long> ids) {
    change(() -> delete(ids));
  }

  private void delete(Collection<Long> ids) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM words WHERE rowid = ?")) {
      for (long id : ids) {
        delete.setLong(1, id);
        removed |= delete.executeUpdate() > 0;
      }
    }
  }

  /** Whose texts are in it. */
  public Set<Long> ids() {
    return locked(
        () -> new HashSet<>(sql().list(row -> row.getLong(1), "SELECT rowid FROM words")));
  }

  /**
   * Finds the texts that have some of a question's words.
   *
   * @param question as somebody has typed it
   * @param most so many at most
   * @param filter of ids
   * @return the best first; of equals those with the smaller ids
   * @throws SoleboxException {@code INVALID_PARAMETER} if it has more than {@link #MOST_WORDS}
   *     different words
   */
  public List<Hit> search(String question, int most, LongPredicate filter) {
    Set<String> phrases = IndexedText.phrases(question);
    if (phrases.size() > MOST_WORDS) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "query",
          "It has %d different words, and %d are looked for at most."
              .formatted(phrases.size(), MOST_WORDS),
          "Ask a shorter question.");
    }
    return phrases.isEmpty() || most < 1
        ? List.of()
        : locked(() -> found(String.join(" OR ", worthwhile(phrases)), most, filter));
  }

  private List<Hit> found(String expression, int most, LongPredicate filter) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT rowid, bm25(words) AS score FROM words WHERE words MATCH ?"
                + " ORDER BY score, rowid")) {
      select.setString(1, expression);
      List<Hit> hits = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (hits.size() < most && row.next()) {
          long id = row.getLong(1);
          if (filter.test(id)) {
            hits.add(new Hit(id, -row.getDouble(2))); // SQLite says less where it is better
          }
        }
      }
      return hits;
    }
  }

  /** The rarest, as many as there is room for, but one at least. */
  private List<String> worthwhile(Set<String> phrases) throws SQLException {
    record Counted(String phrase, int places) {}
    List<Counted> counted = new ArrayList<>();
    for (String phrase : phrases) {
      counted.add(new Counted(phrase, places(phrase)));
    }
    counted.sort((a, b) -> Integer.compare(a.places(), b.places()));
    List<String> chosen = new ArrayList<>();
    int room = PLACES;
    for (Counted each : counted) {
      if (chosen.isEmpty() || each.places() <= room) {
        chosen.add(each.phrase());
        room -= each.places();
      }
    }
    return chosen;
  }

  /** In how many texts it stands; more than {@link #PLACES} are not counted. */
  private int places(String phrase) throws SQLException {
    if (!places.containsKey(phrase)) {
      if (places.size() == MOST_COUNTED) {
        places.clear();
      }
      int counted =
          sql()
              .first(
                  row -> row.getInt(1),
                  "SELECT COUNT(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)",
                  phrase,
                  PLACES + 1)
              .orElseThrow();
      places.put(phrase, counted);
    }
    return places.get(phrase);
  }

  /** All of it, for {@link #open}; there is nothing in it of texts that were removed. */
  public byte[] save() {
    return locked(
        () -> {
          if (removed) {
            sql().update("INSERT INTO words(words) VALUES ('optimize')");
            sql().update("VACUUM");
            removed = false;
          }
          return connection.serialize("main");
        });
  }

  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      lock.unlock();
    }
  }
}
