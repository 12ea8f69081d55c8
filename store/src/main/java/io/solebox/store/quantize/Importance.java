package io.solebox.store.quantize;

/**
 * How much the columns of a matrix matter: mean squares of what it was multiplied with.
 *
 * @param columns of one matrix, or of all experts one after the other; empty where nothing is known
 * @param from the first column of the matrix at hand
 */
record Importance(float[] columns, int from) {
  static final Importance UNKNOWN = new Importance(new float[0], 0);

  boolean isKnown() {
    return columns.length > 0;
  }

  /** Of columns {@code column} and on of a row: {@code qw sqrt(sigma2 + x^2)} for each weight. */
  void weigh(float[] x, int at, int column, int count, float sigma2, float[] weights, int to) {
    for (int i = 0; i < count; i++) {
      float value = x[at + i];
      weights[to + i] = columns[from + column + i] * (float) Math.sqrt(sigma2 + value * value);
    }
  }
}
