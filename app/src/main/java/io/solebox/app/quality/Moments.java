package io.solebox.app.quality;

/** Mean and spread of numbers as they come (Welford 1962), in f64. */
final class Moments {
  private long count;
  private double mean;
  private double squares; // sum of squared distances to the mean

  void add(double value) {
    count++;
    double before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
  }

  long count() {
    return count;
  }

  double mean() {
    return mean;
  }

  /** Of the numbers themselves, with n - 1; 0 for less than two. */
  double variance() {
    return count < 2 ? 0 : squares / (count - 1);
  }

  /** Of the mean. */
  double standardError() {
    return count < 2 ? 0 : Math.sqrt(variance() / count);
  }
}
