package io.solebox.storage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The tables of one kind of database as they grew: each script runs once, in order, and is never
 * changed afterwards. A script has statements that end with a semicolon at the end of a line.
 *
 * @param keeper who keeps something there, as in {@code The server}
 * @param elsewhere how somebody names another folder, as in {@code name another folder with
 *     --state}
 * @param rescue what helps where the file is damaged, as a sentence
 * @param open opens a script by its name; a module shows its scripts to no other, so that whoever
 *     has them opens them
 * @param scripts by their names, in their order
 */
public record Schema(
    String keeper,
    String elsewhere,
    String rescue,
    Function<String, InputStream> open,
    List<String> scripts) {
  public Schema {
    scripts = List.copyOf(scripts);
  }

  /** The version of the tables after all scripts. */
  public int latest() {
    return scripts.size();
  }

  /**
   * Runs the scripts that did not run yet.
   *
   * @return the version before
   * @throws SoleboxException if the file has tables of a later version, or was made by scripts that
   *     are not these
   */
  public int run(Sql sql, Path file) throws SQLException {
    return run(sql, file, latest());
  }

  /** The same as far as a version. */
  public int run(Sql sql, Path file, int last) throws SQLException {
    sql.update("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
    int done =
        sql.first(row -> row.getInt(1), "SELECT COALESCE(MAX(version), 0) FROM schema_version")
            .orElseThrow();
    if (done > scripts.size()) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "A later version of Solebox has written it.",
          "Run that version, or " + elsewhere + ".");
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
  private void check(Sql sql, Path file, int done) throws SQLException {
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
                .formatted(version, scripts.get(version - 1)),
            "Run that build, or " + elsewhere + ".");
      }
    }
  }

  /** What went wrong with a file, in words, with what helps. */
  public SoleboxException failure(Path file, Exception cause) {
    if (Integrity.isDamage(cause)) {
      return damaged(file, cause.getMessage(), cause);
    }
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        file.toString(),
        "What %s remembers cannot be read or written: %s."
            .formatted(inSentence(), cause.getMessage()),
        Integrity.isFull(cause)
            ? "Free some space; nothing that was stored before is lost."
            : "See that the folder can be written, or " + elsewhere + ".",
        cause);
  }

  /** Nothing is deleted: parts of it may be read by somebody who knows how. */
  SoleboxException damaged(Path file, String finding, Throwable cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        file.toString(),
        "What %s remembers is damaged: %s.".formatted(inSentence(), finding),
        rescue,
        cause);
  }

  private String inSentence() {
    return Character.toLowerCase(keeper.charAt(0)) + keeper.substring(1);
  }

  private static String checksum(String script) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(script.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private String script(int version) {
    try (InputStream in = open.apply(scripts.get(version - 1))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> statements(String script) {
    return List.of(script.split(";\\s*\\n")).stream().filter(s -> !s.isBlank()).toList();
  }
}
