package io.solebox.server.seal;

import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@code SealTimes FOLDER}: what it takes to keep a response of 4 KiB and to read it again, as rows
 * of the state have it, sealed and as it is; see {@code bench/seal/measure}.
 */
final class SealTimes {
  private static final int RESPONSES = 2000;
  private static final int ROUNDS = 3;
  private static final String OWNER = "somebody";
  private static final String TEXT = "what was said ".repeat(293); // 4 KiB

  /** Writes a response and reads one. */
  private interface Way {
    void write(Sql sql, String id) throws SQLException;

    String read(Sql sql, String id) throws SQLException;
  }

  /** As versions before sealing kept them. */
  private record Plain() implements Way {
    @Override
    public void write(Sql sql, String id) throws SQLException {
      insert(sql, id, TEXT.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String read(Sql sql, String id) throws SQLException {
      return new String(body(sql, id), StandardCharsets.UTF_8);
    }
  }

  private record Sealed(Vault vault) implements Way {
    @Override
    public void write(Sql sql, String id) throws SQLException {
      insert(sql, id, vault.writing(sql, OWNER).seal(Cells.response(id), TEXT));
    }

    @Override
    public String read(Sql sql, String id) throws SQLException {
      return vault.reading(sql, OWNER).open(Cells.response(id), body(sql, id));
    }
  }

  private static void insert(Sql sql, String id, byte[] body) throws SQLException {
    sql.update(
        "INSERT INTO response (id, owner, created, status, body) VALUES (?, ?, 0,"
            + " 'completed', ?)",
        id,
        OWNER,
        body);
  }

  private static byte[] body(Sql sql, String id) throws SQLException {
    return sql.first(row -> row.getBytes(1), "SELECT body FROM response WHERE id = ?", id)
        .orElseThrow();
  }

  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]).resolve("server.db");
    try (Database database = ServerTables.open(file)) {
      Vault vault = Vault.open(database, Passphrase.NONE, System.err);
      Way plain = new Plain();
      Way sealed = new Sealed(vault);
      for (int round = 0; round < ROUNDS; round++) {
        // In turns, so that the machine is the same for both; the first is until it is compiled.
        String words = "round " + round + (round == 0 ? " (warming up)" : "");
        report(words + ", as it is", database, plain, "plain" + round);
        report(words + ", sealed", database, sealed, "sealed" + round);
      }
    }
  }

  private static void report(String words, Database database, Way way, String prefix) {
    long[] writes = new long[RESPONSES];
    long[] reads = new long[RESPONSES];
    for (int i = 0; i < RESPONSES; i++) {
      String id = prefix + "-" + i;
      long begin = System.nanoTime();
      database.transaction(
          sql -> {
            way.write(sql, id);
            return id;
          });
      writes[i] = System.nanoTime() - begin;
      long read = System.nanoTime();
      String text = database.read(sql -> way.read(sql, id));
      reads[i] = System.nanoTime() - read;
      if (!text.equals(TEXT)) {
        throw new IllegalStateException("another text was read");
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: kept p50 %.1f us, p99 %.1f us; read p50 %.1f us, p99 %.1f us%n",
        words,
        at(writes, 0.5),
        at(writes, 0.99),
        at(reads, 0.5),
        at(reads, 0.99));
  }

  /** Microseconds. */
  private static double at(long[] nanos, double share) {
    Arrays.sort(nanos);
    return nanos[(int) (nanos.length * share)] / 1e3;
  }
}
