package io.solebox.server.accounts;

import io.solebox.engine.error.SoleboxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * When keys or sessions were used last: remembered with the request, written at most once a minute,
 * by a thread that no request waits for. Safe for many threads.
 */
final class LastUses implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** Longer than any session lasts that nobody uses. */
  private static final Duration REMEMBERED = SessionStore.IDLE.plusDays(1);

  private final Clock clock;
  private final Consumer<Map<String, Instant>> writer;
  private final Map<String, Instant> last = new ConcurrentHashMap<>();
  private final Set<String> unwritten = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  /**
   * @param writer keeps what is new
   */
  LastUses(Clock clock, Consumer<Map<String, Instant>> writer) {
    this.clock = clock;
    this.writer = writer;
    this.thread = Thread.ofVirtual().name("solebox-last-uses").start(this::write);
  }

  void used(String what) {
    last.put(what, clock.instant());
    unwritten.add(what);
  }

  /** Empty where this server has not seen it for long. */
  Optional<Instant> last(String what) {
    return Optional.ofNullable(last.get(what));
  }

  private void write() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        try {
          flush();
        } catch (SoleboxException e) {
          // What cannot be written now is written with what comes in the next minute.
        }
      }
    } catch (InterruptedException e) {
      // The server ends, and writes what is left itself.
    }
  }

  /** Writes what is not written yet. */
  void flush() {
    Map<String, Instant> times = new HashMap<>();
    for (String what : unwritten) {
      unwritten.remove(what); // before it is looked at: who uses it meanwhile adds it again
      times.put(what, last.get(what));
    }
    if (!times.isEmpty()) {
      try {
        writer.accept(times);
      } catch (SoleboxException e) {
        unwritten.addAll(times.keySet());
        throw e;
      }
    }
    Instant old = clock.instant().minus(REMEMBERED);
    last.entrySet()
        .removeIf(use -> use.getValue().isBefore(old) && !unwritten.contains(use.getKey()));
  }

  @Override
  public void close() {
    thread.interrupt();
    flush();
  }
}
