package io.solebox.server.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** An answer that comes in pieces, each sent at once. */
public final class EventStream implements AutoCloseable {
  /** How pieces are told apart. */
  public enum Framing {
    /**
     * Server-sent events: {@code data: ...} and an empty line
     * (https://html.spec.whatwg.org/multipage/server-sent-events.html). While nothing happens a
     * comment keeps the connection alive in the eyes of proxies.
     */
    EVENTS("text/event-stream; charset=utf-8", "data: ", "\n\n", ": ping\n\n"),
    /** A JSON text a line (https://github.com/ndjson/ndjson-spec), which has no comments. */
    LINES("application/x-ndjson", "", "\n", ""),
    /** One JSON text in pieces, a line each. */
    PIECES("application/json", "", "\n", "");

    private final String contentType;
    private final byte[] before;
    private final byte[] behind;
    private final byte[] ping;

    Framing(String contentType, String before, String behind, String ping) {
      this.contentType = contentType;
      this.before = before.getBytes(StandardCharsets.US_ASCII);
      this.behind = behind.getBytes(StandardCharsets.US_ASCII);
      this.ping = ping.getBytes(StandardCharsets.US_ASCII);
    }

    String contentType() {
      return contentType;
    }
  }

  private static final byte[] NOTHING = {};

  private final AnswerSender sender;
  private final Framing framing;
  private final ReentrantLock lock = new ReentrantLock(); // events and pings are of two threads
  private volatile byte[] ping;
  private volatile long lastNanos = System.nanoTime();
  private boolean closed;

  EventStream(AnswerSender sender, Framing framing) {
    this.sender = sender;
    this.framing = framing;
    this.ping = framing.ping;
  }

  /**
   * @param data one line
   * @throws ClientGoneException if the client has gone
   */
  public void send(byte[] data) {
    write(false, framed(Optional.empty(), data));
  }

  /**
   * The same with a name in front, as {@code event: ...}, of framings that have names.
   *
   * @param name of ASCII letters, digits and {@code . _ -}
   */
  public void send(String name, byte[] data) {
    write(false, framed(Optional.of(name), data));
  }

  /**
   * The same with a number in front, as {@code id: ...}, by which a browser says where it goes on
   * when it comes back.
   */
  public void sendNumbered(long id, byte[] data) {
    write(false, framed("id: " + id + "\n", data));
  }

  /** From now on this is sent while nothing happens, instead of what the framing has for that. */
  public void pingWith(byte[] data) {
    ping = framed(Optional.empty(), data);
  }

  /** The same with a name in front. */
  public void pingWith(String name, byte[] data) {
    ping = framed(Optional.of(name), data);
  }

  private byte[] framed(Optional<String> name, byte[] data) {
    return framed(name.map(its -> "event: " + its + "\n").orElse(""), data);
  }

  /**
   * One array of the exact length: this runs for every token.
   *
   * @param field a line of the event, for framings that have more than data
   */
  private byte[] framed(String field, byte[] data) {
    byte[] first = framing == Framing.EVENTS ? field.getBytes(StandardCharsets.US_ASCII) : NOTHING;
    byte[][] parts = {first, framing.before, data, framing.behind};
    byte[] event =
        new byte[first.length + framing.before.length + data.length + framing.behind.length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, event, at, part.length);
      at += part.length;
    }
    return event;
  }

  private void write(boolean last, byte[] bytes) {
    lock.lock();
    try {
      if (!closed) {
        closed = last;
        sender.write(last, bytes);
        lastNanos = System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether its end was not sent yet. */
  boolean isOpen() {
    lock.lock();
    try {
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Sends a comment if nothing was sent for {@code time}; returns at once. */
  void pingIfSilent(long now, Duration time) {
    boolean silent = now - lastNanos > time.toNanos() && !lock.isLocked();
    if (silent && ping.length > 0) {
      lastNanos = now;
      Thread.ofVirtual().name("ping").start(this::ping);
    }
  }

  private void ping() {
    try {
      write(false, ping);
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
    write(true, NOTHING);
  }
}
