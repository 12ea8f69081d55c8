package io.solebox.engine.schedule;

/** What steps of generating sequences take, by their tokens, as measured here and lately. */
final class StepCosts {
  /** Larger steps are not told apart. */
  private static final int SIZES = 512;

  /** Steps after which a size that did not come up is unknown again: contexts grow. */
  private static final int LIFE = 1000;

  /** What a further token takes of a step, until two sizes are known. */
  private static final double GUESSED_SLOPE = 0.1;

  private final LeastOfFew[] sizes = new LeastOfFew[SIZES + 1];
  private final long[] lastStep = new long[SIZES + 1];
  private long steps;
  private int largest;

  StepCosts() {
    for (int tokens = 0; tokens <= SIZES; tokens++) {
      sizes[tokens] = new LeastOfFew();
    }
  }

  /**
   * A step of {@code tokens} took {@code nanos}.
   *
   * @return whether that tells anything
   */
  boolean ran(int tokens, long nanos) {
    steps++;
    if (tokens > SIZES) {
      return false;
    }
    if (steps - lastStep[tokens] > LIFE) {
      sizes[tokens].forget();
    }
    lastStep[tokens] = steps;
    largest = Math.max(largest, tokens);
    return sizes[tokens].took(nanos);
  }

  boolean isKnown(int tokens) {
    return tokens <= SIZES && sizes[tokens].isKnown() && steps - lastStep[tokens] <= LIFE;
  }

  /** The largest size that is known, of {@code known} and those above it. */
  int largestKnown(int known) {
    int size = Math.max(largest, known);
    while (size > known && !isKnown(size)) {
      size--;
    }
    return size;
  }

  /**
   * Nanoseconds of a step of {@code tokens}; guessed by the sizes around it where it is not known.
   *
   * @param known a size that is, at most {@code tokens}
   */
  double of(int tokens, int known) {
    int below = tokens;
    while (!isKnown(below)) {
      below--;
    }
    double nanos = sizes[below].nanos();
    return below == tokens
        ? nanos
        : nanos + Math.max(0, slope(below, tokens, known)) * (tokens - below);
  }

  /** What a further token takes behind {@code below}, the last known size before {@code tokens}. */
  private double slope(int below, int tokens, int known) {
    double from = sizes[below].nanos();
    for (int above = tokens; above <= largest; above++) {
      if (isKnown(above)) {
        return (sizes[above].nanos() - from) / (above - below);
      }
    }
    return below == known ? GUESSED_SLOPE * from : (from - sizes[known].nanos()) / (below - known);
  }
}
