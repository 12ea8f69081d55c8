package io.solebox.server.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
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

  private static Bound kind(Optional<Refusal> refusal) {
    return refusal.orElseThrow().limit();
  }

  @Test
  void requestsAMinute() {
    Account account = account("rpm=2");
    assertTrue(account.begin().isEmpty());
    assertTrue(account.begin().isEmpty());
    Refusal refusal = account.begin().orElseThrow();
    assertEquals(
        new Refusal(Bound.REQUESTS_PER_MINUTE, Whose.SERVER, 2, Duration.ofSeconds(30)), refusal);
    pass(Duration.ofSeconds(30));
    assertTrue(account.begin().isEmpty());
    assertTrue(account.begin().isPresent());
  }

  @Test
  void requestsAtTheSameTime() {
    Account account = account("concurrent=2");
    assertTrue(account.begin().isEmpty());
    assertTrue(account.begin().isEmpty());
    assertEquals(Bound.CONCURRENT_REQUESTS, kind(account.begin()));
    pass(Duration.ofDays(1));
    assertEquals(Bound.CONCURRENT_REQUESTS, kind(account.begin()));
    account.ended();
    assertTrue(account.begin().isEmpty());
  }

  /** One that is refused takes nothing of the other limits. */
  @Test
  void refusalsAreFree() {
    Account account = account("concurrent=1 rpm=3");
    assertTrue(account.begin().isEmpty());
    for (int i = 0; i < 5; i++) {
      assertEquals(Bound.CONCURRENT_REQUESTS, kind(account.begin()));
    }
    assertEquals(2, account.standing().requests().orElseThrow().left());
  }

  @Test
  void answersAreNotCutButPaidBack() {
    Account account = account("tpm=600");
    assertTrue(account.begin().isEmpty());
    account.use(Counted.GENERATED_TOKENS, 590);
    assertTrue(account.begin().isEmpty(), "something is left");
    account.use(Counted.GENERATED_TOKENS, 610);
    assertEquals(
        new Refusal(Bound.TOKENS_PER_MINUTE, Whose.SERVER, 600, Duration.ofMillis(60_100)),
        account.begin().orElseThrow());
    pass(Duration.ofMillis(60_100));
    assertTrue(account.begin().isEmpty());
  }

  @Test
  void theLongestWaitIsTold() {
    Account account = account("tpm=100 tpd=100");
    account.use(Counted.GENERATED_TOKENS, 100);
    Refusal refusal = account.noTokens().orElseThrow();
    assertEquals(Bound.TOKENS_PER_DAY, refusal.limit());
    assertEquals(Duration.ofSeconds(864), refusal.retryIn());
    assertEquals(0, account.standing().tokens().orElseThrow().left());
  }

  @Test
  void whatHasNoLimitIsNotTold() {
    Account account = Account.unlimited();
    for (int i = 0; i < 100; i++) {
      assertTrue(account.begin().isEmpty());
    }
    account.use(Counted.GENERATED_TOKENS, Long.MAX_VALUE / 2);
    assertEquals(new Standing(Optional.empty(), Optional.empty()), account.standing());
  }

  @Test
  void ownLimitsGoBeforeTheUsual() {
    Limits own = Limits.parse(List.of("rpm=5", "weight=2"), "here");
    Limits both = own.or(Limits.parse(List.of("rpm=1", "tpd=9", "background"), "here"));
    assertEquals(5, both.most(Bound.REQUESTS_PER_MINUTE).getAsLong());
    assertEquals(9, both.most(Bound.TOKENS_PER_DAY).getAsLong());
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

  private Account inside(Account outer, Holder holder, String words) {
    Limits limits = words.isEmpty() ? Limits.NONE : Limits.parse(List.of(words.split(" ")), "here");
    return new Account(holder, limits, () -> nanos, Optional.of(outer), Spendings.NONE);
  }

  @Test
  void allBoundsHoldAndEachSaysWhoseItIs() {
    Account group =
        new Account(
            Holder.ofGroup("research"),
            Limits.parse(List.of("tpm=1000", "rpm=3"), "here"),
            () -> nanos,
            Optional.empty(),
            Spendings.NONE);
    Account ann = inside(group, Holder.ofUser("u_ann", "research"), "gpm=300");
    Account bob = inside(group, Holder.ofUser("u_bob", "research"), "");
    Account key = inside(ann, Holder.ofKey("k_1", ann.holder().payer()), "concurrent=1");
    assertEquals(new Payer("u_ann", "k_1", "research"), key.holder().payer());
    assertTrue(key.begin().isEmpty());
    assertEquals(Whose.KEY, key.begin().orElseThrow().whose());
    key.ended();
    key.use(Counted.PROMPT_TOKENS, 500);
    assertTrue(ann.noTokens().isEmpty(), "prompts are no answers");
    key.use(Counted.GENERATED_TOKENS, 300);
    assertEquals(Whose.ACCOUNT, key.begin().orElseThrow().whose());
    assertEquals(Bound.GENERATED_TOKENS_PER_MINUTE, kind(ann.noTokens()));
    bob.use(Counted.PROMPT_TOKENS, 200);
    Refusal refusal = bob.begin().orElseThrow();
    assertEquals(Whose.GROUP, refusal.whose());
    assertEquals(Bound.TOKENS_PER_MINUTE, refusal.limit());
    assertEquals(0, key.standing().tokens().orElseThrow().left());
    pass(Duration.ofMinutes(1));
    // One request was let in before; those that an outer bound refused cost nothing inside.
    for (int i = 0; i < 3; i++) {
      assertTrue(key.begin().isEmpty());
      key.ended();
    }
    refusal = key.begin().orElseThrow();
    assertEquals(Whose.GROUP, refusal.whose());
    assertEquals(Bound.REQUESTS_PER_MINUTE, refusal.limit());
    assertEquals(1, key.lines().filter(line -> line.whose() == Whose.KEY).findFirst().get().left());
  }

  @Test
  void everyBoundIsReadAndWritten() {
    String words =
        "rpm=1 rpd=2 concurrent=3 tpm=4 tpd=5 ppm=6 ppd=7 gpm=8 gpd=9 weight=2.0 background";
    assertEquals(words, Limits.parse(List.of(words.split(" ")), "here").words());
    assertEquals("none", Limits.NONE.words());
  }
}
