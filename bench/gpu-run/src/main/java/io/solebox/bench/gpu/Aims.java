package io.solebox.bench.gpu;

/** What Solebox aims at on an H200 with one stream (docs/benchmarks.md). */
final class Aims {
  static final double PREFILL_SHARE = 0.6;
  static final double EIGHT_STREAMS = 5;
  static final int FIRST_TOKEN_MILLIS = 60;

  private static final double SMALL_MODEL = 0.55;

  private Aims() {}

  /** Of the read bandwidth: launches weigh more the fewer bytes there are to read. */
  static double decodeShare(Results.Row row) {
    if (row.shape().equals("1b")) {
      return SMALL_MODEL;
    }
    return switch (row.format()) {
      case "F16" -> 0.85;
      case "Q8_0" -> 0.8;
      default -> 0.7;
    };
  }
}
