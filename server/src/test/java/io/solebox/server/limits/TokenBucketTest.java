package io.solebox.server.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** By a clock that is moved by hand. */
class TokenBucketTest {
  private long nanos = -5_000_000_000L; // nanoTime may be below 0

  private TokenBucket bucket(long capacity) {
    return new TokenBucket(capacity, Duration.ofMinutes(1), () -> nanos);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void itIsFullAtFirstAndNeverFuller() {
    TokenBucket bucket = bucket(60);
    assertEquals(60, bucket.left());
    assertEquals(Duration.ZERO, bucket.untilFull());
    pass(Duration.ofHours(5));
    assertEquals(60, bucket.left());
  }

  @Test
  void itIsRefilledEvenly() {
    TokenBucket bucket = bucket(60);
    bucket.take(60);
    assertEquals(0, bucket.left());
    assertEquals(Duration.ofSeconds(1), bucket.until(1));
    assertEquals(Duration.ofMinutes(1), bucket.untilFull());
    pass(Duration.ofMillis(999));
    assertEquals(0, bucket.left());
    pass(Duration.ofMillis(1));
    assertEquals(1, bucket.left());
    assertEquals(Duration.ofSeconds(59), bucket.untilFull());
    pass(Duration.ofSeconds(29));
    assertEquals(30, bucket.left());
  }

  @Test
  void whatIsOwedIsPaidBackFirst() {
    TokenBucket bucket = bucket(60);
    bucket.take(90);
    assertEquals(0, bucket.left());
    assertEquals(Duration.ofSeconds(31), bucket.until(1));
    pass(Duration.ofSeconds(30));
    assertEquals(0, bucket.left());
    pass(Duration.ofSeconds(1));
    assertEquals(1, bucket.left());
    assertEquals(Duration.ZERO, bucket.until(1));
  }

  /** Each look moves the books on by a fraction of a token, and none of these is lost. */
  @Test
  void manyLooksLoseNothing() {
    TokenBucket bucket = new TokenBucket(1_000_000, Duration.ofDays(1), () -> nanos);
    bucket.take(1_000_000);
    for (int i = 0; i < 100_000; i++) {
      pass(Duration.ofMillis(864));
      bucket.left();
    }
    assertEquals(999_999.5, bucket.left(), 1);
  }

  @Test
  void smallOnesWaitLong() {
    TokenBucket bucket = bucket(1);
    bucket.take(1);
    assertEquals(Duration.ofMinutes(1), bucket.until(1));
    pass(Duration.ofMinutes(1));
    assertEquals(1, bucket.left());
  }
}
