package io.solebox.storage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * A database in one SQLite file that nobody but its owner may read: a write-ahead log that is
 * forced to the disk with each commit, one connection that writes, and a few that read.
 */
final class SqliteDatabase implements Database {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNERS_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private static final int BUSY_MILLIS = 10_000;

  /** So long a start looks whether the file is whole; what it takes for about a gigabyte. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Path file;
  private final Schema schema;
  private final Connection connection;
  private final Readers readers;
  private final Changes changes;
  private final Leadership leadership;
  private final boolean lookedOver;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed; // guarded by lock

  private SqliteDatabase(Path file, Schema schema, Connection connection, boolean lookedOver)
      throws SQLException {
    this.file = file;
    this.schema = schema;
    this.connection = connection;
    this.lookedOver = lookedOver;
    this.readers = new Readers(() -> connect(file, Access.READ));
    this.changes = new Changes(connect(file, Access.READ));
    this.leadership = new Leadership(file.resolveSibling(file.getFileName() + ".lock"));
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public boolean lookedOver() {
    return lookedOver;
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }

  /** As {@link Database#open} has it. */
  static Database open(Path file, Schema schema) {
    Path absolute = file.toAbsolutePath();
    try {
      prepare(absolute);
      DriverLibrary.unpackInto(absolute.getParent());
      SqliteDatabase database = opened(absolute, schema);
      try {
        database.transaction(sql -> schema.run(sql, absolute));
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
      return database;
    } catch (IOException | SQLException e) {
      throw schema.failure(absolute, e);
    }
  }

  private static SqliteDatabase opened(Path file, Schema schema) throws SQLException {
    Connection connection = connect(file, Access.WRITE);
    try {
      return new SqliteDatabase(
          file, schema, connection, Integrity.quickly(connection, file, schema, LOOK));
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static void prepare(Path file) throws IOException {
    if (!Files.isDirectory(file.getParent())) {
      Files.createDirectories(
          file.getParent(), PosixFilePermissions.asFileAttribute(OWNERS_FOLDER));
    }
    if (!Files.exists(file)) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    // SQLite gives its journals the permissions of the file.
    Files.setPosixFilePermissions(file, OWNER_ONLY);
  }

  private enum Access {
    READ,
    WRITE
  }

  private static Connection connect(Path file, Access access) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setPragma(Pragma.SECURE_DELETE, "true");
    config.enforceForeignKeys(true);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    if (access == Access.READ) {
      new Sql(connection).update("PRAGMA query_only = 1");
    }
    return connection;
  }

  @Override
  public <T> T transaction(Work<T> work) {
    lock.lock();
    try {
      if (closed) {
        throw closing();
      }
      // The driver's own transactions take the next lock with the commit of the last.
      Sql sql = new Sql(connection);
      sql.update("BEGIN IMMEDIATE");
      T result = work.run(sql);
      sql.update("COMMIT");
      return result;
    } catch (SQLException e) {
      rollBack();
      throw schema.failure(file, e);
    } catch (RuntimeException | Error e) {
      rollBack();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    try {
      return readers.read(work).orElseThrow(this::closing);
    } catch (SQLException e) {
      throw schema.failure(file, e);
    }
  }

  @Override
  public void copyTo(Path target) {
    try {
      Files.createFile(target, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (IOException e) {
      throw schema.failure(target, e);
    }
    try (Connection own = connect(file, Access.WRITE)) {
      new Sql(own).update("VACUUM INTO ?", target.toString());
    } catch (SQLException e) {
      delete(target);
      throw schema.failure(file, e);
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
  public long changes() {
    try {
      return changes.seen();
    } catch (SQLException e) {
      throw schema.failure(file, e);
    }
  }

  private SoleboxException closing() {
    return new SoleboxException(
        ErrorCode.CLOSED,
        file.toString(),
        schema.keeper() + " is shutting down.",
        "Ask again later.");
  }

  @Override
  public void forgetDeleted() {
    lock.lock();
    try {
      boolean busy =
          new Sql(connection)
              .first(row -> row.getInt(1) != 0, "PRAGMA wal_checkpoint(TRUNCATE)")
              .orElseThrow();
      if (busy) {
        throw new SoleboxException(
            ErrorCode.IN_USE,
            file.toString(),
            "What was deleted is gone, but still lies in the journal, which somebody reads.",
            "It goes with the next start, or when this is done again.");
      }
    } catch (SQLException e) {
      throw schema.failure(file, e);
    } finally {
      lock.unlock();
    }
  }

  private void rollBack() {
    try {
      new Sql(connection).update("ROLLBACK");
    } catch (SQLException e) {
      // The transaction is gone with what broke it.
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        leadership.close();
        readers.close();
        changes.close();
        connection.close();
      }
    } catch (SQLException e) {
      throw schema.failure(file, e);
    } finally {
      lock.unlock();
    }
  }
}
