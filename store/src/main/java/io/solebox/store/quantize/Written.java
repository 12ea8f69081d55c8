package io.solebox.store.quantize;

/**
 * What came of rows, or of a tensor.
 *
 * @param weights that were rounded; none where bytes were copied
 * @param squaredError sum over these
 * @param squares of these, as they were before
 */
public record Written(long weights, double squaredError, double squares) {
  static final Written NOTHING = new Written(0, 0, 0);

  Written plus(Written other) {
    return new Written(
        weights + other.weights, squaredError + other.squaredError, squares + other.squares);
  }

  /** The root of the mean squared error. */
  public double rmse() {
    return weights == 0 ? 0 : Math.sqrt(squaredError / weights);
  }

  /** The same as a share of the root mean square of the weights. */
  public double relativeError() {
    return squares == 0 ? 0 : Math.sqrt(squaredError / squares);
  }
}
