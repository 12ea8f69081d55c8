package io.solebox.server.http;

import io.solebox.server.http.Counters.Count;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Looks after everything that takes too long and that nobody else waits for: headers that drip in,
 * readers that do not read, streams that are silent. One thread, until closed.
 */
final class Sweeper implements AutoCloseable {
  private static final long MAX_PAUSE_MILLIS = 1000;

  /**
   * In place of a number of requests: TLS is still agreed upon, which takes no longer than a
   * header.
   */
  private static final long HANDSHAKE = -1;

  /** As the JDK calls that of a session which is not agreed upon yet. */
  private static final String NO_PROTOCOL = "NONE";

  private final HttpLimits.Times times;
  private final Set<Exchange> live;
  private final Supplier<Collection<EndPoint>> connections;
  private final Counters counters;
  private final Faults faults;
  private final Map<EndPoint, Header> headers = new HashMap<>();
  private final Thread thread;

  /**
   * What was seen of a connection that answers nothing.
   *
   * @param requests that were complete then; {@link #HANDSHAKE} before the first could be
   * @param bytes that had come then
   * @param since when more bytes came, which must be of a header; 0 if none did
   */
  private record Header(long requests, long bytes, long since) {}

  Sweeper(
      HttpLimits.Times times,
      Set<Exchange> live,
      Supplier<Collection<EndPoint>> connections,
      Counters counters,
      Faults faults) {
    this.times = times;
    this.live = live;
    this.connections = connections;
    this.counters = counters;
    this.faults = faults;
    this.thread = Thread.ofPlatform().daemon().name("http-sweeper").start(this::run);
  }

  private void run() {
    long shortest =
        Math.min(
            times.header().toMillis(), Math.min(times.flush().toMillis(), times.ping().toMillis()));
    long pause = Math.clamp(shortest / 4, 10, MAX_PAUSE_MILLIS);
    try {
      while (true) {
        Thread.sleep(pause);
        try {
          sweep(System.nanoTime());
        } catch (RuntimeException e) {
          faults.problem(e, ""); // to the log; the limits must hold on
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void sweep(long now) {
    Set<EndPoint> answering = new HashSet<>();
    for (Exchange exchange : live) {
      answering.add(exchange.peer().endPoint());
      exchange.sweep(now);
    }
    sweepHeaders(now, answering);
  }

  private void sweepHeaders(long now, Set<EndPoint> answering) {
    Collection<EndPoint> connected = connections.get();
    headers.keySet().retainAll(connected);
    for (EndPoint endPoint : connected) {
      if (answering.contains(speaking(endPoint)) || endPoint.getConnection() == null) {
        headers.remove(endPoint);
      } else {
        headers.compute(endPoint, (_, seen) -> look(endPoint, seen, now));
      }
    }
  }

  /** What speaks HTTP on a connection, which may be what TLS lets through. */
  private static EndPoint speaking(EndPoint endPoint) {
    return endPoint.getConnection() instanceof SslConnection encrypted
        ? encrypted.getSslEndPoint()
        : endPoint;
  }

  private static boolean isOpening(EndPoint encrypted) {
    return encrypted instanceof SslConnection.SslEndPoint end
        && end.getSslConnection().getSSLEngine().getSession().getProtocol().equals(NO_PROTOCOL);
  }

  private Header look(EndPoint endPoint, Header seen, long now) {
    EndPoint speaking = speaking(endPoint);
    boolean handshake = speaking != endPoint && isOpening(speaking);
    Connection connection = (handshake ? endPoint : speaking).getConnection();
    long requests = handshake ? HANDSHAKE : connection.getMessagesIn();
    long bytes = connection.getBytesIn();
    if (seen == null || seen.requests() != requests) {
      // Before the first request all bytes are of a header, or of a handshake, which has begun.
      return new Header(requests, bytes, handshake || (requests <= 0 && bytes > 0) ? now : 0);
    }
    if (seen.since() == 0) {
      return bytes > seen.bytes() ? new Header(requests, bytes, now) : seen;
    }
    if (now - seen.since() > times.header().toNanos()) {
      counters.add(Count.SLOW_HEADERS);
      endPoint.close(new EofException("header too slow"));
    }
    return seen;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
