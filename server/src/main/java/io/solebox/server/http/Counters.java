package io.solebox.server.http;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What has happened since the start. Safe for many threads. */
public final class Counters {
  /** One kind of event. */
  public enum Count {
    /** Requests whose header was read. */
    REQUESTS,
    /** Answers by the first digit of their status. */
    ANSWERS_2XX,
    ANSWERS_3XX,
    ANSWERS_4XX,
    ANSWERS_5XX,
    /** Requests that were no HTTP. */
    MALFORMED,
    /** Clients that left before their answer was complete. */
    CLIENTS_GONE,
    /** Connections cut for a header, a body or a reader that took too long. */
    SLOW_HEADERS,
    SLOW_BODIES,
    SLOW_READERS,
    /** Requests refused because others' bodies filled the memory. */
    BODIES_REFUSED,
    /** Requests refused because too many waited for a model. */
    QUEUE_REFUSED,
    /** Requests refused because their caller had used what it may use. */
    LIMIT_REFUSED
  }

  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);

  public Counters() {
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
  }

  public void add(Count count) {
    counts.get(count).increment();
  }

  void answered(int status) {
    add(
        switch (status / 100) {
          case 1, 2 -> Count.ANSWERS_2XX;
          case 3 -> Count.ANSWERS_3XX;
          case 4 -> Count.ANSWERS_4XX;
          default -> Count.ANSWERS_5XX;
        });
  }

  /** The totals by name, as in {@code slow_readers}. */
  public Map<String, Long> totals() {
    Map<String, Long> totals = new LinkedHashMap<>();
    counts.forEach((count, n) -> totals.put(count.name().toLowerCase(Locale.ROOT), n.sum()));
    return totals;
  }
}
