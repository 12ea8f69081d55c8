package io.solebox.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Patience SHORT = new Patience(Duration.ofMillis(1));

  @Test
  void looksUntilItIsDone() {
    var looks = new AtomicInteger();
    new Patience(Duration.ofMinutes(1)).await(() -> looks.incrementAndGet() == 5, 0);
    assertEquals(5, looks.get());
  }

  @Test
  void givesUpSomeTimeAfterTheExpectedOne() {
    long start = System.nanoTime();
    SHORT.await(() -> false, Duration.ofMillis(3).toNanos());
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(4).toNanos());
  }

  @Test
  void looksAtNothingWhenItShallNot() {
    var looks = new AtomicInteger();
    Patience.NONE.await(() -> looks.incrementAndGet() > 0, 1_000);
    assertEquals(0, looks.get());
  }

  @Test
  void anInterruptEndsTheSleepAndIsKept() {
    Thread.currentThread().interrupt();
    SHORT.await(() -> false, Duration.ofHours(1).toNanos());
    assertTrue(Thread.interrupted());
    assertFalse(Thread.interrupted());
  }
}
