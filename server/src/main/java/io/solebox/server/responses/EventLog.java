package io.solebox.server.responses;

import io.solebox.server.params.Params;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The events of one response by their sequence numbers, from 0 on, while it is computed: for
 * readers that come, go and come back. Bounded: of a response that says very much the newest are
 * kept. Safe for many threads.
 */
final class EventLog {
  private static final long MAX_BYTES = 16 << 20;

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
     * @return none where no more will come, or it has left
     * @throws io.solebox.server.http.Problem 400 if the next one is not kept any more
     */
    List<Event> after(long after) throws InterruptedException {
      synchronized (EventLog.this) {
        while (after + 1 >= next && !over && !gone) {
          EventLog.this.wait();
        }
        requireKept(after, next - events.size());
        return gone ? List.of() : events.stream().filter(e -> e.sequence() > after).toList();
      }
    }
  }

  private final Deque<Event> events = new ArrayDeque<>(); // guarded by this, as all below
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
    if (after + 1 < first) {
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
    events.add(event);
    bytes += body.length;
    while (bytes > MAX_BYTES && events.size() > 1) {
      bytes -= events.remove().body().length;
    }
    notifyAll();
    return event;
  }

  /** The lowest number that is kept. */
  synchronized long first() {
    return next - events.size();
  }

  /** There will be no more. */
  synchronized void end() {
    over = true;
    notifyAll();
  }
}
