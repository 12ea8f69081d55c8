package io.solebox.server.storage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import io.solebox.storage.DriverLibrary;
import io.solebox.storage.Integrity;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * The file of a {@link Database} as commands look at it, while a server has it open or none does:
 * nothing is brought up to date, and nothing waits.
 */
public final class StateFile implements AutoCloseable {
  private static final int BUSY_MILLIS = 10_000;

  private final Path file;
  private final Connection connection;

  private StateFile(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** What was found wrong, and the version of its tables. */
  public record Findings(int version, int latest, List<String> damages) {}

  /**
   * Opens one.
   *
   * @throws SoleboxException {@code IO_ERROR} if it is not there or is no database
   */
  public static StateFile open(Path file) {
    Path absolute = file.toAbsolutePath();
    if (!Files.isRegularFile(absolute)) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          absolute.toString(),
          "No server has kept anything here.",
          "Name the folder of a server with --state.");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    try {
      DriverLibrary.unpackInto(absolute.getParent());
      return new StateFile(absolute, config.createConnection("jdbc:sqlite:" + absolute));
    } catch (IOException | SQLException e) {
      throw ServerTables.SCHEMA.failure(absolute, e);
    }
  }

  /**
   * Looks at all of it.
   *
   * @throws SoleboxException {@code IO_ERROR} if it cannot be read at all
   */
  public Findings check() {
    try {
      List<String> damages = Integrity.thoroughly(connection);
      return new Findings(version(), latest(), damages);
    } catch (SQLException e) {
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }

  /** The version of its tables; a later one than {@link #latest} is not opened by servers. */
  public int version() {
    try {
      return new Sql(connection)
          .first(row -> row.getInt(1), "SELECT COALESCE(MAX(version), 0) FROM schema_version")
          .orElseThrow();
    } catch (SQLException e) {
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }

  /** The version that a server gives to its tables. */
  public static int latest() {
    return ServerTables.SCHEMA.latest();
  }

  /** Bytes of all of it, what was deleted included. */
  public long bytes() {
    try {
      Sql sql = new Sql(connection);
      long pages = sql.first(row -> row.getLong(1), "PRAGMA page_count").orElseThrow();
      return pages * sql.first(row -> row.getLong(1), "PRAGMA page_size").orElseThrow();
    } catch (SQLException e) {
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }

  /**
   * Writes it as it is now to another file, without what was deleted; a server that has it open
   * goes on reading and writing meanwhile.
   *
   * @param target must not be there
   * @throws SoleboxException {@code IO_ERROR}, and then nothing is left of it
   */
  public void copyTo(Path target) {
    try {
      Files.createFile(
          target,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw ServerTables.SCHEMA.failure(target, e);
    }
    try {
      new Sql(connection).update("VACUUM INTO ?", target.toString());
    } catch (SQLException e) {
      delete(target);
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }

  private static void delete(Path target) {
    try {
      Files.deleteIfExists(target);
    } catch (IOException e) {
      // What is worth telling is why it could not be written.
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }
}
