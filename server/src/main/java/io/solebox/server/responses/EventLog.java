package io.solebox.server.responses;

import io.solebox.server.params.Params;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The events of one response by their sequence numbers, from 0 on, while it is computed: for
 * readers that come, go and come back. Bounded: of a response that says very much the newest are
 * kept. Safe for many threads.
 */
final class EventLog {
  private static final long MAX_BYTES = 16 << 20;

  /** So many are handed out at once: what a slow reader holds is not kept from being dropped. */
  private static final int AT_ONCE = 100;

  /**
   * @param type its name
   * @param body JSON, in UTF-8
   */
  record Event(long sequence, String type, byte[] body) {}

  /** Somebody who waits for events until he has gone. */
  final class Reader {
    private boolean gone; // guarded by the log

    /** It waits no more. From any thread. */
    void leave() {
      synchronized (EventLog.this) {
        gone = true;
        EventLog.this.notifyAll();
      }
    }

    /** Whether it has left. */
    boolean left() {
      synchronized (EventLog.this) {
        return gone;
      }
    }

    /**
     * Waits for events behind one.
     *
     * @param after its number, -1 for all
     * @return the next of them; none where no more will come, or it has left
     * @throws io.solebox.server.http.Problem 400 if the next one is not kept any more
     */
    List<Event> after(long after) throws InterruptedException {
      synchronized (EventLog.this) {
        while (after >= next - 1 && !over && !gone) {
          EventLog.this.wait();
        }
        requireKept(after, first());
        return gone
            ? List.of()
            : events.tailMap(after, false).values().stream().limit(AT_ONCE).toList();
      }
    }
  }

  private final NavigableMap<Long, Event> events = new TreeMap<>(); // guarded by this, as below
  private long next;
  private long bytes;
  private boolean over;

  /**
   * That what follows an event is there.
   *
   * @param first number that is kept
   * @throws io.solebox.server.http.Problem 400
   */
  static void requireKept(long after, long first) {
    if (after < first - 1) {
      throw Params.invalidValue(
          "starting_after",
          "Events up to %d are not kept any more; ask for the response itself."
              .formatted(first - 1));
    }
  }

  Reader reader() {
    return new Reader();
  }

  synchronized Event add(String type, byte[] body) {
    Event event = new Event(next++, type, body);
    events.put(event.sequence(), event);
    bytes += body.length;
    while (bytes > MAX_BYTES && events.size() > 1) {
      bytes -= events.pollFirstEntry().getValue().body().length;
    }
    notifyAll();
    return event;
  }

  /** The number that the next event will have. */
  synchronized long next() {
    return next;
  }

  /** The lowest number that is kept. */
  synchronized long first() {
    return next - events.size();
  }

  /**
   * That a reader has had what it goes on behind.
   *
   * @param after its number, -1 for the beginning
   * @throws io.solebox.server.http.Problem 400
   */
  synchronized void requireSent(long after) {
    if (after >= next) {
      throw Params.invalidValue(
          "starting_after", "The latest event of this response is %d.".formatted(next - 1));
    }
  }

  /** There will be no more. */
  synchronized void end() {
    over = true;
    notifyAll();
  }
}
