package io.solebox.backend.cpu.nativelib;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Tokens that make the largest sums and none at all, one after the other: all activations at the
 * end of their eight bits, of one sign or by turns, or a single one, or none.
 */
final class ExtremeActivations implements DoubleSupplier {
  private final SplittableRandom random = new SplittableRandom(1);
  private final int cols;
  private int next;

  /**
   * @param cols activations of a token
   */
  ExtremeActivations(int cols) {
    this.cols = cols;
  }

  @Override
  public double getAsDouble() {
    int token = next / cols;
    int column = next++ % cols;
    return switch (token) {
      case 0 -> 1;
      case 1 -> -1;
      case 2 -> column % 2 == 0 ? 3 : -3;
      case 3 -> column / 16 % 2 == 0 ? -1 : 1;
      case 4 -> 0;
      case 5 -> column == cols - 1 ? 1000 : 0;
      case 6 -> column < 32 ? 0 : 1;
      case 7 -> 1e10 * random.nextGaussian();
      default -> random.nextGaussian();
    };
  }
}
