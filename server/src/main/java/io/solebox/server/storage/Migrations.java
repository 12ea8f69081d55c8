package io.solebox.server.storage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The tables as they grew: each script runs once, in order, and is never changed afterwards. A
 * script has statements that end with a semicolon at the end of a line.
 */
final class Migrations {
  private static final List<String> SCRIPTS =
      List.of(
          "1-stored-answers.sql",
          "2-items-by-id.sql",
          "3-response-events.sql",
          "4-audit.sql",
          "5-accounts.sql",
          "6-usage.sql",
          "7-sealed-texts.sql",
          "8-factors.sql",
          "9-key-receipts.sql",
          "10-chats.sql",
          "11-knowledge.sql",
          "12-tools.sql",
          "13-agents.sql",
          "14-words.sql",
          "15-tool-audiences.sql",
          "16-hardware.sql");

  private Migrations() {}

  /** The version of the tables after all scripts. */
  static int latest() {
    return SCRIPTS.size();
  }

  /**
   * Runs the scripts that did not run yet.
   *
   * @return the version before
   * @throws SoleboxException if the file has tables of a later version, or was made by scripts that
   *     are not these
   */
  static int run(Sql sql, Path file) throws SQLException {
    return run(sql, file, latest());
  }

  /** The same as far as a version. */
  static int run(Sql sql, Path file, int last) throws SQLException {
    sql.update("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
    int done =
        sql.first(row -> row.getInt(1), "SELECT COALESCE(MAX(version), 0) FROM schema_version")
            .orElseThrow();
    if (done > SCRIPTS.size()) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "A later version of Solebox has written it.",
          "Run that version, or name another folder with --state.");
    }
    check(sql, file, done);
    for (int version = done + 1; version <= last; version++) {
      String script = script(version);
      for (String statement : statements(script)) {
        sql.update(statement);
      }
      sql.update(
          "INSERT INTO schema_version (version, checksum) VALUES (?, ?)",
          version,
          checksum(script));
    }
    return done;
  }

  /** That the scripts of then are those of now; what was made before checksums gets them. */
  private static void check(Sql sql, Path file, int done) throws SQLException {
    if (!sql.hasColumn("schema_version", "checksum")) {
      sql.update("ALTER TABLE schema_version ADD COLUMN checksum TEXT");
    }
    for (int version = 1; version <= done; version++) {
      String expected = checksum(script(version));
      Optional<String> written =
          sql
              .list(
                  row -> Optional.ofNullable(row.getString(1)),
                  "SELECT checksum FROM schema_version WHERE version = ?",
                  version)
              .stream()
              .flatMap(Optional::stream)
              .findFirst();
      if (written.isEmpty()) {
        sql.update("UPDATE schema_version SET checksum = ? WHERE version = ?", expected, version);
      } else if (!written.get().equals(expected)) {
        throw new SoleboxException(
            ErrorCode.IO_ERROR,
            file.toString(),
            "Another build of Solebox has made its tables: step %d (%s) is not the one of this build."
                .formatted(version, SCRIPTS.get(version - 1)),
            "Run that build, or name another folder with --state.");
      }
    }
  }

  private static String checksum(String script) {
    MessageDigest digest = Digests.sha256();
    return HexFormat.of().formatHex(digest.digest(script.getBytes(StandardCharsets.UTF_8)));
  }

  private static String script(int version) {
    try (InputStream in = Migrations.class.getResourceAsStream(SCRIPTS.get(version - 1))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> statements(String script) {
    return List.of(script.split(";\\s*\\n")).stream().filter(s -> !s.isBlank()).toList();
  }
}
