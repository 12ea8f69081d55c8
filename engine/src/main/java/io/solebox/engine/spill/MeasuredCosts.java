package io.solebox.engine.spill;

/** Costs by the speeds that were measured lately. */
public final class MeasuredCosts implements TransferCosts {
  /** A step may be so much longer by copies, at least where it can be measured. */
  private static final double STEP_NANOS = 10e6;

  /** Smaller steps say little of what prompts take: they read all weights for a few tokens. */
  private static final int PROMPT_TOKENS = 32;

  /** Until something was copied: less than any memory can do. */
  private static final double GUESSED_COPY = 1; // nanoseconds of a byte

  /** Until something was read or written: a fair disk. */
  private static final double GUESSED_DISK = 5;

  /** What one unit takes, on average over about as many measurements as the weight says. */
  private static final class Rate {
    private static final double NEW = 1.0 / 8;

    private double nanos;
    private int measurements;

    void took(double units, long time) {
      measurements++;
      double weight = Math.max(NEW, 1.0 / measurements);
      nanos += weight * (time / units - nanos);
    }

    boolean isKnown() {
      return measurements > 0;
    }

    double nanosOr(double guess) {
      return isKnown() ? nanos : guess;
    }
  }

  private final Rate computing = new Rate(); // a token
  private final Rate copying = new Rate(); // a byte
  private final Rate reading = new Rate(); // a byte
  private final Rate writing = new Rate(); // a byte
  private boolean begun;

  @Override
  public void computed(int tokens, long nanos) {
    if (tokens >= PROMPT_TOKENS) {
      if (begun) { // the first may have waited for a compiler
        computing.took(tokens, nanos);
      }
      begun = true;
    }
  }

  @Override
  public void copied(long bytes, long nanos) {
    copying.took(bytes, nanos);
  }

  @Override
  public void read(long bytes, long nanos) {
    reading.took(bytes, nanos);
  }

  @Override
  public void wrote(long bytes, long nanos) {
    writing.took(bytes, nanos);
  }

  /** Yes while nobody knows what computing takes. */
  @Override
  public boolean isCheaper(Transfer transfer, int tokens) {
    double nanos =
        transfer.copied() * copying.nanosOr(GUESSED_COPY)
            + transfer.read() * reading.nanosOr(GUESSED_DISK)
            + transfer.written() * writing.nanosOr(GUESSED_DISK);
    return !computing.isKnown() || nanos < tokens * computing.nanosOr(0);
  }

  @Override
  public long bytesPerStep() {
    return Math.max(1, (long) (STEP_NANOS / copying.nanosOr(GUESSED_COPY)));
  }
}
