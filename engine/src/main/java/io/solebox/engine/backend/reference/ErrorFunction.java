package io.solebox.engine.backend.reference;

/** The error function, which Java has not. */
final class ErrorFunction {
  private static final double FEW_TERMS = 2;

  private ErrorFunction() {}

  /** {@code 1 - erf(x)}, to about 1e-14 relative. */
  static double complement(double x) {
    if (x < -FEW_TERMS) {
      return 2 - complement(-x);
    }
    return x <= FEW_TERMS ? 1 - series(x) : fraction(x);
  }

  /** {@code 2/sqrt(pi) e^-x^2 sum 2^n x^(2n+1) / (2n+1)!!}, all of one sign (DLMF 7.6.2). */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** The continued fraction of DLMF 7.9.1, from its tail. */
  private static double fraction(double x) {
    double tail = x;
    for (int n = 60; n >= 1; n--) {
      tail = x + n / 2.0 / tail;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
  }
}
