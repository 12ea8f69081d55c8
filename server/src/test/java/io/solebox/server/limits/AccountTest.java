package io.solebox.server.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.limits.Refusal.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody may use, by a clock that is moved by hand. */
class AccountTest {
  private long nanos;

  private Account account(String words) {
    return new Account(Limits.parse(List.of(words.split(" ")), "here"), () -> nanos);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private static Kind kind(Optional<Refusal> refusal) {
    return refusal.orElseThrow().limit();
  }

  @Test
  void requestsAMinute() {
    Account account = account("rpm=2");
    assertTrue(account.begin().isEmpty());
    assertTrue(account.begin().isEmpty());
    Refusal refusal = account.begin().orElseThrow();
    assertEquals(new Refusal(Kind.REQUESTS_PER_MINUTE, 2, Duration.ofSeconds(30)), refusal);
    pass(Duration.ofSeconds(30));
    assertTrue(account.begin().isEmpty());
    assertTrue(account.begin().isPresent());
  }

  @Test
  void requestsAtTheSameTime() {
    Account account = account("concurrent=2");
    assertTrue(account.begin().isEmpty());
    assertTrue(account.begin().isEmpty());
    assertEquals(Kind.CONCURRENT_REQUESTS, kind(account.begin()));
    pass(Duration.ofDays(1));
    assertEquals(Kind.CONCURRENT_REQUESTS, kind(account.begin()));
    account.ended();
    assertTrue(account.begin().isEmpty());
  }

  /** One that is refused takes nothing of the other limits. */
  @Test
  void refusalsAreFree() {
    Account account = account("concurrent=1 rpm=3");
    assertTrue(account.begin().isEmpty());
    for (int i = 0; i < 5; i++) {
      assertEquals(Kind.CONCURRENT_REQUESTS, kind(account.begin()));
    }
    assertEquals(2, account.standing().requests().orElseThrow().left());
  }

  @Test
  void answersAreNotCutButPaidBack() {
    Account account = account("tpm=600");
    assertTrue(account.begin().isEmpty());
    account.use(590);
    assertTrue(account.begin().isEmpty(), "something is left");
    account.use(610);
    assertEquals(
        new Refusal(Kind.TOKENS_PER_MINUTE, 600, Duration.ofMillis(60_100)),
        account.begin().orElseThrow());
    pass(Duration.ofMillis(60_100));
    assertTrue(account.begin().isEmpty());
  }

  @Test
  void theLongestWaitIsTold() {
    Account account = account("tpm=100 tpd=100");
    account.use(100);
    Refusal refusal = account.noTokens().orElseThrow();
    assertEquals(Kind.TOKENS_PER_DAY, refusal.limit());
    assertEquals(Duration.ofSeconds(864), refusal.retryIn());
    assertEquals(0, account.standing().tokens().orElseThrow().left());
  }

  @Test
  void whatHasNoLimitIsNotTold() {
    Account account = Account.unlimited();
    for (int i = 0; i < 100; i++) {
      assertTrue(account.begin().isEmpty());
    }
    account.use(Long.MAX_VALUE / 2);
    assertEquals(new Standing(Optional.empty(), Optional.empty()), account.standing());
  }

  @Test
  void ownLimitsGoBeforeTheUsual() {
    Limits own = Limits.parse(List.of("rpm=5", "weight=2"), "here");
    Limits both = own.or(Limits.parse(List.of("rpm=1", "tpd=9", "background"), "here"));
    assertEquals(5, both.requestsPerMinute().getAsLong());
    assertEquals(9, both.tokensPerDay().getAsLong());
    assertEquals(2, both.weight().getAsDouble());
    assertTrue(both.background());
    assertFalse(own.background());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rpm",
        "rpm=",
        "rpm=0",
        "rpm=-1",
        "rpm=1.5",
        "rpm=1k",
        "rpm=9999999999999999999",
        "RPM=1",
        "tpm=a",
        "tpd=1e9",
        "concurrent=0",
        "weight=0",
        "weight=NaN",
        "weight=-1",
        "weight=1e9",
        "background=1",
        "speed=3",
        "rpm=1 rpm=1",
        "",
        "="
      })
  void badWords(String words) {
    SoleboxException error = assertThrows(SoleboxException.class, () -> account(words));
    assertEquals("here", error.place());
    assertTrue(error.remedy().contains("rpm=60"), error::remedy);
  }
}
