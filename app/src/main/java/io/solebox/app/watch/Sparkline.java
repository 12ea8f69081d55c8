package io.solebox.app.watch;

import java.util.List;
import java.util.OptionalDouble;

/** Values of a while as a line of blocks, between the least and the most of them. */
final class Sparkline {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";

  /** Less than this between least and most is noise, and is drawn flat. */
  private static final double LEAST_SPAN = 1;

  private Sparkline() {}

  /** A gap where there was no value. */
  static String of(List<OptionalDouble> values) {
    double least = values.stream().flatMapToDouble(OptionalDouble::stream).min().orElse(0);
    double most = values.stream().flatMapToDouble(OptionalDouble::stream).max().orElse(0);
    double span = Math.max(most - least, LEAST_SPAN);
    StringBuilder line = new StringBuilder();
    for (OptionalDouble value : values) {
      if (value.isPresent()) {
        double share = (value.getAsDouble() - least) / span;
        line.append(BLOCKS.charAt((int) Math.round(share * (BLOCKS.length() - 1))));
      } else {
        line.append(' ');
      }
    }
    return line.toString();
  }
}
