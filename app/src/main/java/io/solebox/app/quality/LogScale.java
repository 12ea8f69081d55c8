package io.solebox.app.quality;

import java.util.List;
import java.util.stream.IntStream;

/** Divergences from the least to the largest that is shown, by their logarithms; in nats. */
record LogScale(double least, double largest) {
  /** What is less than this is the noise of f32. */
  private static final double NOISE = 1e-7;

  /** One that holds all of these. */
  static LogScale of(List<Divergence> all) {
    double least = all.stream().mapToDouble(d -> d.quantile(0.02)).min().orElse(NOISE);
    double largest = all.stream().mapToDouble(d -> d.quantile(1)).max().orElse(1);
    double from = Math.max(NOISE, least);
    return new LogScale(from, Math.max(largest, 10 * from));
  }

  /** 0 for the least, 1 for the largest; what lies beyond is at the end. */
  double share(double value) {
    double at = Math.log(Math.max(value, least) / least) / Math.log(largest / least);
    return Math.clamp(at, 0, 1);
  }

  /** The tokens in so many cells, those with the least divergence first. */
  String bars(Divergence divergence, int cells) {
    var out = new StringBuilder();
    for (int i = 0; i < cells; i++) {
      double height = share(divergence.quantile((i + 0.5) / cells));
      out.append(Curve.BARS.charAt((int) Math.round(height * (Curve.BARS.length() - 1))));
    }
    return out.toString();
  }

  /** Powers of ten within it. */
  List<Double> ticks() {
    return IntStream.rangeClosed(
            (int) Math.ceil(Math.log10(least)), (int) Math.floor(Math.log10(largest)))
        .mapToObj(power -> Math.pow(10, power))
        .toList();
  }
}
