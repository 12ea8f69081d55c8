package io.solebox.server.accounts.once;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.accounts.ATime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OnceTokensTest {
  private final ATime clock = new ATime(Instant.EPOCH);
  private final OnceTokens<String> tokens = new OnceTokens<>(new SecureRandom(), clock);

  @Test
  void eachIsTakenOnce() {
    String token = tokens.issue("sign in", "a");
    assertEquals(Optional.of("sign in"), tokens.take(token));
    assertEquals(Optional.empty(), tokens.take(token));
    assertEquals(Optional.empty(), tokens.take("never sent"));
  }

  @Test
  void eachHasItsTime() {
    String token = tokens.issue("x", "a");
    clock.pass(OnceTokens.LIFETIME.minusMillis(1));
    String later = tokens.issue("y", "a");
    clock.pass(Duration.ofMillis(1));
    assertEquals(Optional.empty(), tokens.take(token));
    assertEquals(Optional.of("y"), tokens.take(later));
    clock.pass(Duration.ofDays(1));
    tokens.issue("z", "b");
    assertEquals(1, tokens.size());
  }

  @Test
  void whoAsksForManyLosesHisOwnAndNobodyElses() {
    String mine = tokens.issue("mine", "me");
    String first = tokens.issue("first", "flood");
    for (int i = 0; i < 5000; i++) {
      tokens.issue("more", "flood");
    }
    assertTrue(tokens.size() < 20, () -> "kept " + tokens.size());
    assertEquals(Optional.empty(), tokens.take(first));
    assertEquals(Optional.of("mine"), tokens.take(mine));
  }

  @Test
  void allOfThemHaveABound() {
    for (int i = 0; i < 12_000; i++) {
      tokens.issue("x", "address " + i);
    }
    assertEquals(10_000, tokens.size());
  }
}
