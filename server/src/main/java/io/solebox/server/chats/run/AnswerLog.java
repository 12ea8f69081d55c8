package io.solebox.server.chats.run;

import io.solebox.engine.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What happens to one answer, by numbers from 1 on, for readers that come, go and come back. It is
 * bounded: whoever is behind what is kept gets, as {@code reset}, all that was said so far. Safe
 * for many threads.
 */
public final class AnswerLog {
  private static final long MAX_BYTES = 8 << 20;

  /** So many are handed out at once: what a slow reader holds is not kept from being dropped. */
  private static final int AT_ONCE = 200;

  private final JsonWriter json = new JsonWriter();
  private final Supplier<Map<String, Object>> soFar;
  private final NavigableMap<Long, Event> events = new TreeMap<>(); // guarded by this, as below
  private long last;
  private long bytes;
  private boolean over;

  /**
   * @param soFar the message as it is now; called under the log's lock
   */
  AnswerLog(Supplier<Map<String, Object>> soFar) {
    this.soFar = soFar;
  }

  /**
   * @param body JSON, in UTF-8
   */
  public record Event(long number, byte[] body) {}

  /** Somebody who waits for events until he has gone. */
  public final class Reader {
    private boolean gone; // guarded by the log

    /** It waits no more. From any thread. */
    public void leave() {
      synchronized (AnswerLog.this) {
        gone = true;
        AnswerLog.this.notifyAll();
      }
    }

    /** Whether it has left. */
    public boolean left() {
      synchronized (AnswerLog.this) {
        return gone;
      }
    }

    /**
     * Waits for events behind one.
     *
     * @param after its number, 0 for all
     * @return the next of them; none where no more will come, or it has left
     */
    public List<Event> after(long after) throws InterruptedException {
      synchronized (AnswerLog.this) {
        while (after >= last && !over && !gone) {
          AnswerLog.this.wait();
        }
        if (gone) {
          return List.of();
        }
        if (after < last - events.size()) {
          return List.of(new Event(last, body(last, "reset", Map.of("message", soFar.get()))));
        }
        return events.tailMap(after, false).values().stream().limit(AT_ONCE).toList();
      }
    }
  }

  public Reader reader() {
    return new Reader();
  }

  /**
   * @param more its members beside number and type
   */
  synchronized void add(String type, Map<String, Object> more) {
    byte[] body = body(++last, type, more);
    events.put(last, new Event(last, body));
    bytes += body.length;
    while (bytes > MAX_BYTES && events.size() > 1) {
      bytes -= events.pollFirstEntry().getValue().body().length;
    }
    notifyAll();
  }

  /** Whether it says something behind an event, now or later. */
  synchronized boolean goesOnAfter(long number) {
    return number < last || !over;
  }

  /** What its events take. */
  synchronized long bytes() {
    return bytes;
  }

  private byte[] body(long number, String type, Map<String, Object> more) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("n", number);
    event.put("type", type);
    event.putAll(more);
    return json.bytes(event);
  }

  /** There will be no more. */
  synchronized void end() {
    over = true;
    notifyAll();
  }
}
