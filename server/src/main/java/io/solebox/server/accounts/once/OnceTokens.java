package io.solebox.server.accounts.once;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Random numbers that are given out and come back once and soon: challenges to be signed, the state
 * of a sign-in that goes on elsewhere. Anybody may ask for one, so there is a bound for each
 * address and one for all: who asks for too many loses his own oldest. Safe for many threads.
 *
 * @param <T> what a token was issued for
 */
public final class OnceTokens<T> {
  private static final int BYTES = 32;
  private static final int MAX_PER_ADDRESS = 16;
  private static final int MAX = 10_000;

  /** What browsers give people to answer, and a little. */
  public static final Duration LIFETIME = Duration.ofMinutes(5);

  private record Issued<T>(T purpose, String address, Instant end) {}

  private final SecureRandom random;
  private final Clock clock;
  private final Map<String, Issued<T>> open = new LinkedHashMap<>(); // the oldest first
  private final Map<String, Deque<String>> byAddress = new HashMap<>();

  public OnceTokens(SecureRandom random, Clock clock) {
    this.random = random;
    this.clock = clock;
  }

  /** A new one, in base64url. */
  public synchronized String issue(T purpose, String address) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    forgetTheOld();
    Deque<String> own = byAddress.computeIfAbsent(address, _ -> new ArrayDeque<>());
    if (own.size() >= MAX_PER_ADDRESS) {
      forget(own.peekFirst());
    }
    if (open.size() >= MAX) {
      forget(open.keySet().iterator().next());
    }
    open.put(token, new Issued<>(purpose, address, clock.instant().plus(LIFETIME)));
    byAddress.computeIfAbsent(address, _ -> new ArrayDeque<>()).addLast(token);
    return token;
  }

  /** What it was sent for; it is gone then, whatever becomes of the answer. */
  public synchronized Optional<T> take(String token) {
    forgetTheOld();
    Optional<T> purpose = Optional.ofNullable(open.get(token)).map(Issued::purpose);
    if (purpose.isPresent()) {
      forget(token);
    }
    return purpose;
  }

  private void forgetTheOld() {
    Instant now = clock.instant();
    Iterator<Map.Entry<String, Issued<T>>> oldest = open.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<String, Issued<T>> entry = oldest.next();
      if (entry.getValue().end().isAfter(now)) {
        return;
      }
      oldest.remove();
      forgetOf(entry.getValue().address(), entry.getKey());
    }
  }

  private void forget(String token) {
    forgetOf(open.remove(token).address(), token);
  }

  private void forgetOf(String address, String token) {
    byAddress.computeIfPresent(
        address,
        (_, own) -> {
          own.remove(token);
          return own.isEmpty() ? null : own;
        });
  }

  synchronized int size() {
    return open.size();
  }
}
