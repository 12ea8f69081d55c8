package io.solebox.scout.judge;

import io.solebox.storage.Database;
import io.solebox.storage.Leadership;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often something is read beside transactions. */
record CountedReads(Database inner, AtomicInteger count) implements Database {
  CountedReads(Database inner) {
    this(inner, new AtomicInteger());
  }

  int reads() {
    return count.get();
  }

  @Override
  public <T> T read(Work<T> work) {
    count.incrementAndGet();
    return inner.read(work);
  }

  @Override
  public <T> T transaction(Work<T> work) {
    return inner.transaction(work);
  }

  @Override
  public Path file() {
    return inner.file();
  }

  @Override
  public boolean lookedOver() {
    return inner.lookedOver();
  }

  @Override
  public Leadership leadership() {
    return inner.leadership();
  }

  @Override
  public void copyTo(Path target) {
    inner.copyTo(target);
  }

  @Override
  public long changes() {
    return inner.changes();
  }

  @Override
  public void forgetDeleted() {
    inner.forgetDeleted();
  }

  @Override
  public void close() {
    inner.close();
  }
}
