package io.solebox.server.storage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables as they grew: each script runs once, in order, and is never changed afterwards. A
 * script has statements that end with a semicolon at the end of a line.
 */
final class Migrations {
  private static final List<String> SCRIPTS =
      List.of("1-stored-answers.sql", "2-items-by-id.sql", "3-response-events.sql");

  private Migrations() {}

  /**
   * @throws SoleboxException if the file has tables of a later version
   */
  static Object run(Sql sql, Path file) throws SQLException {
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
    for (int version = done + 1; version <= SCRIPTS.size(); version++) {
      for (String statement : statements(SCRIPTS.get(version - 1))) {
        sql.update(statement);
      }
      sql.update("INSERT INTO schema_version (version) VALUES (?)", version);
    }
    return done;
  }

  private static List<String> statements(String script) {
    try (InputStream in = Migrations.class.getResourceAsStream(script)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split(";\\s*\\n")).stream().filter(s -> !s.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
