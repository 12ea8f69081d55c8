package io.solebox.scout.outbox;

import io.solebox.storage.Database;
import io.solebox.storage.Leadership;
import java.nio.file.Path;

/** A database whose process ends at one of its steps: right before it, or right after. */
public final class KilledDatabase implements Database {
  /** As the end of the process, nothing catches it. */
  public static final class Killed extends Error {}

  private final Database database;
  private int steps;

  /**
   * @param steps that are still done; then the process ends
   */
  public KilledDatabase(Database database, int steps) {
    this.database = database;
    this.steps = steps;
  }

  /** Counts one step, which may be the last. */
  public void step() {
    if (steps-- == 0) {
      throw new Killed();
    }
  }

  @Override
  public <T> T transaction(Work<T> work) {
    T result =
        database.transaction(
            sql -> {
              T done = work.run(sql);
              step(); // all is written, and nothing committed
              return done;
            });
    step();
    return result;
  }

  @Override
  public <T> T read(Work<T> work) {
    return database.read(work);
  }

  @Override
  public Path file() {
    return database.file();
  }

  @Override
  public boolean lookedOver() {
    return database.lookedOver();
  }

  @Override
  public Leadership leadership() {
    return database.leadership();
  }

  @Override
  public long changes() {
    return database.changes();
  }

  @Override
  public void copyTo(Path target) {
    database.copyTo(target);
  }

  @Override
  public void forgetDeleted() {
    database.forgetDeleted();
  }

  @Override
  public void close() {
    database.close();
  }
}
