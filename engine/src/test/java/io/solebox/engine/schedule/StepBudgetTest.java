package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StepBudgetTest {
  private static final long MILLI = 1_000_000;

  @Test
  void growsWhileLargeStepsAreFast() {
    var budget = new StepBudget(512);
    for (int tokens : new int[] {64, 128, 256, 512, 512}) {
      assertEquals(tokens, budget.tokens());
      budget.ran(tokens, 100 * MILLI);
    }
  }

  /** As chunks do that end where a block does. */
  @Test
  void growsAsWellWhenStepsAreALittleSmaller() {
    var budget = new StepBudget(512);
    budget.ran(48, 100 * MILLI);
    assertEquals(128, budget.tokens());
    budget.ran(63, 10 * MILLI);
    assertEquals(128, budget.tokens(), "that says nothing of 128");
    budget.ran(96, 230 * MILLI);
    assertEquals(128, budget.tokens(), "256 would take more than the target");
  }

  @Test
  void shrinksToWhatFitsAndNoFurtherThanItMay() {
    var budget = new StepBudget(512);
    budget.ran(64, 1200 * MILLI);
    assertEquals(32, budget.tokens());
    budget.ran(32, 60_000 * MILLI);
    assertEquals(16, budget.tokens());
  }

  @Test
  void whatAStepTakesWithoutTokensIsSeenFromItsSizes() {
    var budget = new StepBudget(512);
    assertEquals(512, budget.free(), "nothing is known");
    for (int i = 0; i < 20; i++) {
      budget.ran(1, 10_000 + 100);
      budget.ran(2, 10_000 + 200);
    }
    assertEquals(100, budget.free(), 1);
    for (int i = 0; i < 20; i++) {
      budget.ran(300, 10_000 + 300 * 250);
      budget.ran(2, 10_000 + 200);
    }
    assertEquals(40, budget.free(), 1, "by the sizes that are far apart");
    for (int i = 0; i < 40; i++) {
      budget.ran(300, 9_000);
    }
    assertEquals(512, budget.free(), "tokens are free");
    for (int i = 0; i < 40; i++) {
      budget.ran(300, 300 * 11_000);
    }
    assertEquals(0, budget.free(), "or cost the same each");
  }

  /** Each waits for those before it. */
  @Test
  void stepsThatAreUnderWayShareIt() {
    var budget = new StepBudget(64, 2);
    assertEquals(64, budget.tokens(0));
    assertEquals(24, budget.tokens(40));
    assertEquals(0, budget.tokens(60), "too few to be worth a part of a step");
    budget.ran(64, 1_000_000);
    assertEquals(64, budget.tokens(0), "a step is no larger");
    assertEquals(64, budget.tokens(64));
    assertEquals(0, budget.tokens(128));
  }
}
