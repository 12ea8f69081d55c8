package io.solebox.engine.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.spill.TransferCosts.Transfer;
import org.junit.jupiter.api.Test;

/** What is worth copying, by speeds that are told. */
class MeasuredCostsTest {
  private final MeasuredCosts costs = new MeasuredCosts();

  /** Twice, since the first step does not count. */
  private void computes(int tokens, long nanos) {
    costs.computed(tokens, nanos);
    costs.computed(tokens, nanos);
  }

  @Test
  void copiesAreWorthItUntilComputingIsKnown() {
    assertTrue(costs.isCheaper(new Transfer(1 << 30, 1 << 30, 0), 1));
    costs.computed(31, 1); // too small to tell
    costs.computed(31, 1);
    assertTrue(costs.isCheaper(new Transfer(1 << 30, 1 << 30, 0), 1));
    costs.computed(64, 1); // the first
    assertTrue(costs.isCheaper(new Transfer(1 << 30, 1 << 30, 0), 1));
    costs.computed(64, 1);
    assertFalse(costs.isCheaper(new Transfer(1 << 30, 1 << 30, 0), 1));
  }

  @Test
  void whatTakesLessTimeIsCheaper() {
    computes(100, 100_000); // a microsecond for a token
    costs.copied(1000, 500); // half a nanosecond for a byte
    assertTrue(costs.isCheaper(new Transfer(63_000, 0, 0), 32));
    assertFalse(costs.isCheaper(new Transfer(65_000, 0, 0), 32));
    costs.read(1000, 1000);
    assertTrue(costs.isCheaper(new Transfer(21_000, 21_000, 0), 32));
    assertFalse(costs.isCheaper(new Transfer(22_000, 22_000, 0), 32));
    costs.wrote(1000, 500);
    assertTrue(costs.isCheaper(new Transfer(15_000, 15_000, 15_000), 32));
    assertFalse(costs.isCheaper(new Transfer(17_000, 17_000, 17_000), 32));
  }

  @Test
  void speedsAreThoseOfLately() {
    computes(100, 100_000);
    costs.copied(1000, 1000);
    assertFalse(costs.isCheaper(new Transfer(64_000, 0, 0), 32));
    for (int i = 0; i < 50; i++) {
      costs.copied(1000, 10);
    }
    assertTrue(costs.isCheaper(new Transfer(64_000, 0, 0), 32));
    for (int i = 0; i < 50; i++) {
      costs.computed(100, 100);
    }
    assertFalse(costs.isCheaper(new Transfer(64_000, 0, 0), 32));
  }

  @Test
  void aStepIsLongerByATimeThatNobodyNotices() {
    assertEquals(10_000_000, costs.bytesPerStep());
    costs.copied(1000, 100);
    assertEquals(100_000_000, costs.bytesPerStep());
    for (int i = 0; i < 200; i++) {
      costs.copied(1, 1_000_000_000);
    }
    assertEquals(1, costs.bytesPerStep(), "never nothing");
  }
}
