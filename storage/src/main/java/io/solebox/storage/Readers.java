package io.solebox.storage;

import io.solebox.storage.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Connections that only read, so many at most: who finds none free waits for one. What each read
 * sees is the file as the last commit before it left it; a writer is not waited for.
 */
final class Readers {
  /** Each may hold a few megabytes of pages; a read takes well under a millisecond. */
  private static final int MOST = 4;

  /** Opens a connection. */
  @FunctionalInterface
  interface Opener {
    Connection open() throws SQLException;
  }

  private final Opener opener;
  private final Semaphore places = new Semaphore(MOST, true);
  private final ConcurrentLinkedDeque<Connection> free = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  Readers(Opener opener) {
    this.opener = opener;
  }

  /** Returns empty where it is closed. */
  <T> Optional<T> read(Work<T> work) throws SQLException {
    places.acquireUninterruptibly();
    try {
      return closed.get() ? Optional.empty() : Optional.of(readHere(work));
    } finally {
      places.release();
    }
  }

  private <T> T readHere(Work<T> work) throws SQLException {
    Connection connection = free.pollFirst();
    if (connection == null) {
      connection = opener.open();
    }
    boolean usable = false;
    try {
      Sql sql = new Sql(connection);
      sql.update("BEGIN");
      T result;
      try {
        result = work.run(sql);
      } finally {
        sql.update("ROLLBACK"); // it has changed nothing
      }
      usable = true;
      return result;
    } finally {
      // One that something went wrong with may be in no state to read again.
      if (usable) {
        free.addFirst(connection);
      } else {
        connection.close();
      }
    }
  }

  /** Waits for reads that run. */
  void close() throws SQLException {
    if (!closed.getAndSet(true)) {
      places.acquireUninterruptibly(MOST);
      places.release(MOST);
      for (Connection connection : free) {
        connection.close();
      }
    }
  }
}
