package io.solebox.storage;

import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * What a program remembers. What a transaction has written survives the end of the process and of
 * the machine, and what is deleted is gone from the disk. Safe for many threads: one is in a
 * transaction at a time, and a few read beside it, of whom none waits for the other.
 *
 * <p>The seam behind which another database can stand: whatever keeps something is written upon
 * this and {@link Sql}, and knows no driver. Its statements are those that SQLite and PostgreSQL
 * have in common; what they say each in its own words is a {@link Dialect}'s.
 */
public interface Database extends AutoCloseable {
  /** What is done in one transaction; it is rolled back where this throws. */
  @FunctionalInterface
  interface Work<T> {
    T run(Sql sql) throws SQLException;
  }

  /**
   * Opens a file of SQLite, which is made where it is missing, and brings its tables up to date.
   *
   * @param schema its tables
   * @throws SoleboxException {@code IO_ERROR} if it cannot be used, is damaged, or was made by a
   *     later version; it is left as it is then
   */
  static Database open(Path file, Schema schema) {
    return SqliteDatabase.open(file, schema);
  }

  /** Where it is; in the folder of it lies what belongs to it and is in no table. */
  Path file();

  /** Whether the start had the time to look at all of it. */
  boolean lookedOver();

  /** Which of the programs that have it open does what must be done once. */
  Leadership leadership();

  /**
   * Runs {@code work} and commits.
   *
   * @throws SoleboxException {@code IO_ERROR}, and nothing has changed
   */
  <T> T transaction(Work<T> work);

  /**
   * Runs what only reads; it waits for no transaction, and sees what the last one before it has
   * left.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  <T> T read(Work<T> work);

  /**
   * Writes it as it is now to another file, without what was deleted; others go on meanwhile.
   *
   * @param target must not be there
   * @throws SoleboxException {@code IO_ERROR}, and then nothing is left of it
   */
  void copyTo(Path target);

  /**
   * Another number than before where anybody has committed something since, also in another
   * process; to be asked for each request.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  long changes();

  /**
   * Leaves nothing of what was deleted in a journal either.
   *
   * @throws SoleboxException {@code IN_USE} if others read for too long
   */
  void forgetDeleted();

  @Override
  void close();
}
