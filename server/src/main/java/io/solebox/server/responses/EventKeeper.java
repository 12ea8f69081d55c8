package io.solebox.server.responses;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the events of one response, for its readers at once, and for the store about once a second
 * and at the end. Owned by the response's thread.
 */
final class EventKeeper implements OutputItems.Out, AutoCloseable {
  private static final Duration TIME = Duration.ofSeconds(1);

  private final String response;
  private final EventLog log;
  private final KeptEvents kept;
  private final List<EventLog.Event> pending = new ArrayList<>();
  private long written = System.nanoTime();
  private long bytes;

  EventKeeper(String response, EventLog log, KeptEvents kept) {
    this.response = response;
    this.log = log;
    this.kept = kept;
  }

  @Override
  public void send(String type, byte[] body) {
    bytes += body.length;
    pending.add(log.add(type, body));
    if (System.nanoTime() - written > TIME.toNanos()) {
      write();
    }
  }

  /** Of all events. */
  long bytes() {
    return bytes;
  }

  private void write() {
    kept.add(response, pending, log.first());
    pending.clear();
    written = System.nanoTime();
  }

  @Override
  public void close() {
    write();
  }
}
