package io.solebox.engine.schedule;

/**
 * How many tokens the next step may take. Large steps are efficient, but nothing can be cancelled
 * or answered while one runs; so the budget follows the measured speed towards steps of {@link
 * #TARGET_NANOS}. Chunk borders never change a result on the CPU (batch invariance), so this may
 * depend on the clock.
 */
final class StepBudget {
  /**
   * A client that goes away frees its slot within a second, with room for a slow step. Shorter
   * steps would read the weights more often for the same prompt.
   */
  private static final long TARGET_NANOS = 600_000_000;

  private static final int SMALLEST = 16;

  private final int largest; // step
  private final int most; // of all that are under way
  private final StepTimes times = new StepTimes();
  private int tokens;

  StepBudget(int largest) {
    this(largest, 1);
  }

  /**
   * @param largest tokens of a step
   * @param inFlight steps that may be under way at once
   */
  StepBudget(int largest, int inFlight) {
    this.largest = largest;
    this.most = Math.multiplyExact(largest, inFlight);
    this.tokens = Math.min(most, 4 * SMALLEST);
  }

  int tokens() {
    return tokens;
  }

  /**
   * What a step may take while steps of so many tokens are under way, which it waits for; none
   * where it is hardly any.
   */
  int tokens(int underway) {
    int left = Math.min(largest, tokens - underway);
    return underway == 0 || left >= SMALLEST ? left : 0;
  }

  /** Tokens that could be computed in the time that a step of none would take. */
  int free() {
    return (int) Math.min(largest, times.free().orElse(largest));
  }

  /** A step of {@code n} tokens took {@code nanos}. */
  void ran(int n, long nanos) {
    times.ran(n, nanos);
    if (nanos > TARGET_NANOS) {
      long fitting = n * TARGET_NANOS / nanos;
      tokens = (int) Math.max(Math.min(SMALLEST, largest), Math.min(tokens, fitting));
    } else if (2 * n >= tokens && 2 * Math.max(1, (double) tokens / n) * nanos < TARGET_NANOS) {
      // Texts that are computed whole, and chunks that end at borders, seldom fill a step: half of
      // it says enough.
      tokens = Math.min(most, 2 * tokens);
    }
  }
}
