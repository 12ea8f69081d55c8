package io.solebox.server.backup;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Wishes that the next request carries out, since passphrases have no place in addresses, and
 * browsers load files by addresses alone. Each counts once, and for some minutes. Safe for many
 * threads.
 */
final class Tickets<T> {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int MOST = 100;
  private static final int ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Clock clock;
  private final Map<String, Held<T>> held = new HashMap<>(); // guarded by this

  private record Held<T>(T wish, Instant end) {}

  Tickets(Clock clock) {
    this.clock = clock;
  }

  /** Empty where there are too many already. */
  synchronized Optional<String> hold(T wish) {
    Instant now = clock.instant();
    held.values().removeIf(each -> each.end().isBefore(now));
    if (held.size() >= MOST) {
      return Optional.empty();
    }
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    held.put(name, new Held<>(wish, now.plus(LIFE)));
    return Optional.of(name);
  }

  /** Empty where there is none, or it is too late. */
  synchronized Optional<T> take(String id) {
    return Optional.ofNullable(held.remove(id))
        .filter(each -> each.end().isAfter(clock.instant()))
        .map(Held::wish);
  }
}
