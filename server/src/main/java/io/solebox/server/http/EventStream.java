package io.solebox.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Server-sent events: {@code data: ...} and an empty line, each sent at once
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). While nothing happens a comment
 * keeps the connection alive in the eyes of proxies.
 */
public final class EventStream implements AutoCloseable {
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Exchange exchange;
  private final ReentrantLock lock = new ReentrantLock(); // events and pings are of two threads
  private volatile long lastNanos = System.nanoTime();
  private boolean closed;

  EventStream(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * @param data one line
   * @throws ClientGoneException if the client has gone
   */
  public void send(byte[] data) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(data.length + 8);
    event.writeBytes(DATA);
    event.writeBytes(data);
    event.writeBytes(END);
    write(false, event.toByteArray());
  }

  private void write(boolean last, byte[] bytes) {
    lock.lock();
    try {
      if (!closed) {
        closed = last;
        exchange.write(last, bytes);
        lastNanos = System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends a comment if nothing was sent for {@code time}; returns at once. */
  void pingIfSilent(long now, Duration time) {
    if (now - lastNanos > time.toNanos() && !lock.isLocked()) {
      lastNanos = now;
      Thread.ofVirtual().name("ping").start(this::ping);
    }
  }

  private void ping() {
    try {
      write(false, PING);
    } catch (ClientGoneException e) {
      // The thread of the events will meet it too.
    }
  }

  /**
   * Ends the answer.
   *
   * @throws ClientGoneException if the client has gone
   */
  @Override
  public void close() {
    write(true, new byte[0]);
  }
}
