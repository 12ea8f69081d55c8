package io.solebox.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Notices that a client has gone while its request is being answered. A closed connection shows
 * only to who reads it, and a handler that waits for tokens does not. So from the first answer on a
 * thread of this watch reads the connection, and what it reads ahead (the next request, if the
 * client sends it early) waits here for the connection's own thread. The end of the stream while an
 * answer runs means that nobody waits for the answer; a client that closes only its sending side is
 * taken as gone too, as Go's net/http does.
 */
final class ClientWatch {
  /** While the connection's thread handles it. */
  private static final ScopedValue<ClientWatch> CURRENT = ScopedValue.newInstance();

  /** A client that sends more than this ahead is read no further until it is its turn. */
  private static final int MAX_AHEAD_BYTES = 64 << 10;

  private final Supplier<byte[]> socket;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> ahead = new ArrayDeque<>();
  private int aheadBytes;
  private boolean readingAhead;
  private boolean gone;
  private Optional<RuntimeException> failure = Optional.empty();
  private Optional<Runnable> action = Optional.empty();

  /**
   * @param socket gives the next bytes, null at the end of the stream
   */
  ClientWatch(Supplier<byte[]> socket) {
    this.socket = socket;
  }

  /** The watch of the connection that this thread handles. */
  static ClientWatch current() {
    return CURRENT.get();
  }

  /** Runs {@code task} with this watch as {@link #current()}. */
  <E extends Exception> void handle(ScopedValue.CallableOp<Void, E> task) throws E {
    ScopedValue.where(CURRENT, this).call(task);
  }

  /** A reader for the connection's own thread. */
  DataReader reader() {
    return DataReader.create(this::next);
  }

  // Helidon's contract: null is the end of the stream.
  private byte[] next() {
    lock.lock();
    try {
      if (readingAhead) {
        return nextAhead();
      }
    } finally {
      lock.unlock();
    }
    try {
      return socket.get();
    } catch (UncheckedIOException e) {
      throw new ServerConnectionException("Failed to read", e);
    }
  }

  private byte[] nextAhead() {
    try {
      while (ahead.isEmpty() && !gone) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerConnectionException("Interrupted", e);
    }
    if (ahead.isEmpty()) {
      if (failure.isPresent()) {
        throw new ServerConnectionException("Failed to read", failure.get());
      }
      return null;
    }
    byte[] bytes = ahead.remove();
    aheadBytes -= bytes.length;
    changed.signalAll();
    return bytes;
  }

  /**
   * Runs {@code whenGone} once, in another thread, if the client goes away before the result is
   * closed. The request must have been read to its end.
   */
  Registration watch(Runnable whenGone) {
    lock.lock();
    try {
      if (gone) {
        whenGone.run();
      } else {
        action = Optional.of(whenGone);
        if (!readingAhead) {
          readingAhead = true;
          Thread.ofVirtual().name("client-watch").start(this::readAhead);
        }
      }
    } finally {
      lock.unlock();
    }
    return this::stopWatching;
  }

  private void stopWatching() {
    lock.lock();
    try {
      action = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the client has gone, as far as is known. */
  boolean gone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  private void readAhead() {
    try {
      for (byte[] bytes = socket.get(); bytes != null; bytes = socket.get()) {
        keep(bytes);
      }
      end(Optional.empty());
    } catch (RuntimeException e) {
      end(Optional.of(e));
    } catch (InterruptedException e) {
      end(Optional.of(new IllegalStateException(e)));
    }
  }

  private void keep(byte[] bytes) throws InterruptedException {
    lock.lock();
    try {
      ahead.add(bytes);
      aheadBytes += bytes.length;
      changed.signalAll();
      while (aheadBytes > MAX_AHEAD_BYTES) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(Optional<RuntimeException> why) {
    lock.lock();
    try {
      gone = true;
      failure = why;
      action.ifPresent(Runnable::run);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets a reading thread that waits for room end; the connection is closed. */
  void close() {
    lock.lock();
    try {
      aheadBytes = 0;
      ahead.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
