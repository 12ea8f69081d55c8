package io.solebox.bench.gpu;

import java.util.List;

/** What Solebox aims at on an H200 with one stream (docs/benchmarks.md). */
final class Aims {
  static final double PREFILL_SHARE = 0.6;
  static final double EIGHT_STREAMS = 5;
  static final int FIRST_TOKEN_MILLIS = 60;
  static final double SYNTH_MB_PER_SECOND = 500;

  private static final double SMALL_MODEL = 0.55;

  private Aims() {}

  /** Not to the models of the self-test. */
  static boolean apply(Results.Row row) {
    return List.of("1b", "7b", "13b").contains(row.shape());
  }

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
