package io.solebox.server.chats.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The logs of answers that are over, for a short while: a reader who comes a moment after the end
 * still hears all that happened, also what is kept nowhere else, such as probabilities of tokens.
 * Safe for many threads.
 */
final class EndedLogs {
  private static final long KEPT = Duration.ofSeconds(30).toNanos();
  private static final long MAX_BYTES = 32 << 20;

  private final Map<String, Ended> logs = new LinkedHashMap<>(); // guarded by this, oldest first
  private long bytes;

  private record Ended(String owner, AnswerLog log, long bytes, long at) {}

  synchronized void add(String owner, String message, AnswerLog log) {
    forget(message);
    Ended ended = new Ended(owner, log, log.bytes(), System.nanoTime());
    logs.put(message, ended);
    bytes += ended.bytes();
    forgetOld();
  }

  /**
   * @param after the number of the last event that the reader has
   * @return empty also where it says nothing more
   */
  synchronized Optional<AnswerLog> find(String owner, String message, long after) {
    forgetOld();
    return Optional.ofNullable(logs.get(message))
        .filter(ended -> ended.owner().equals(owner))
        .map(Ended::log)
        .filter(log -> log.goesOnAfter(after));
  }

  /** It is another now than its log says. */
  synchronized void forget(String message) {
    Optional.ofNullable(logs.remove(message)).ifPresent(gone -> bytes -= gone.bytes());
  }

  /** Forgets what was there for long enough, or is too much. */
  synchronized void forgetOld() {
    long now = System.nanoTime();
    while (!logs.isEmpty()) {
      Map.Entry<String, Ended> oldest = logs.entrySet().iterator().next();
      if (bytes <= MAX_BYTES && now - oldest.getValue().at() < KEPT) {
        return;
      }
      forget(oldest.getKey());
    }
  }
}
