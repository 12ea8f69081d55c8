package io.solebox.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that a client has gone while its request is being answered. A closed connection of
 * HTTP/1.1 shows only to who reads it, and nobody does between a request's body and its answer. So
 * this does: the end of the stream means that nobody waits for the answer (a client that closes
 * only its sending side is taken as gone too, as Go's net/http does), and what a client sends ahead
 * is given back to the connection when the answer is complete.
 */
final class ClientWatch implements Callback, Registration {
  private final AbstractEndPoint endPoint;
  private final Connection connection;
  private final Runnable whenGone;
  private final ReentrantLock lock = new ReentrantLock();
  private final int maxAheadBytes;
  private Optional<ByteBuffer> ahead = Optional.empty(); // most clients send nothing ahead
  private boolean ended;

  private ClientWatch(Connection connection, int maxAheadBytes, Runnable whenGone) {
    this.connection = connection;
    this.endPoint = (AbstractEndPoint) connection.getEndPoint();
    this.whenGone = whenGone;
    this.maxAheadBytes = maxAheadBytes;
  }

  /**
   * Runs {@code whenGone} at most once, in another thread, if the client goes away before the
   * result is closed. The body must have been read to its end. A client that sends more than {@code
   * maxAheadBytes} ahead is watched no further.
   *
   * @param maxAheadBytes at most the connection's input buffer, which takes them back
   */
  static Registration start(Request request, int maxAheadBytes, Runnable whenGone) {
    Connection connection = request.getConnectionMetaData().getConnection();
    if (!(connection instanceof Connection.UpgradeTo)
        || !(connection.getEndPoint() instanceof AbstractEndPoint)) {
      // HTTP/2 reads all the time, and tells its streams.
      request.addFailureListener(_ -> whenGone.run());
      return () -> {};
    }
    ClientWatch watch = new ClientWatch(connection, maxAheadBytes, whenGone);
    watch.begin();
    return watch;
  }

  private void begin() {
    lock.lock();
    try {
      // What came together with the body lies in the connection already.
      if (connection instanceof Connection.UpgradeFrom from) {
        ByteBuffer early = from.onUpgradeFrom();
        if (early != null) {
          BufferUtil.append(aheadBuffer(), early);
        }
      }
      watchOn();
    } finally {
      lock.unlock();
    }
  }

  private ByteBuffer aheadBuffer() {
    if (ahead.isEmpty()) {
      ahead = Optional.of(BufferUtil.allocate(maxAheadBytes));
    }
    return ahead.get();
  }

  private void watchOn() {
    if (ahead.isEmpty() || BufferUtil.space(ahead.get()) > 0) {
      endPoint.tryFillInterested(this);
    }
  }

  @Override
  public void succeeded() {
    boolean gone = false;
    lock.lock();
    try {
      if (!ended) {
        gone = fill() < 0;
        if (!gone) {
          watchOn();
        }
      }
    } finally {
      lock.unlock();
    }
    if (gone) {
      whenGone.run();
    }
  }

  private int fill() {
    try {
      return endPoint.fill(aheadBuffer());
    } catch (IOException e) {
      return -1; // reset
    }
  }

  @Override
  public void failed(Throwable cause) {
    lock.lock();
    boolean cancelled = ended;
    lock.unlock();
    if (!cancelled) {
      whenGone.run();
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  /**
   * Ends the watch; must come before the answer's last byte, which makes the connection read on.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        endPoint.getFillInterest().onFail(new EofException("watched no more"));
        ahead
            .filter(ByteBuffer::hasRemaining)
            .ifPresent(((Connection.UpgradeTo) connection)::onUpgradeTo);
      }
    } finally {
      lock.unlock();
    }
  }
}
