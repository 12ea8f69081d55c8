package io.solebox.bench.load;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Resident memory over time, as SVG. Light and dark follow the reader's page. */
final class MemoryChart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 220;
  private static final int LEFT = 60;
  private static final int TOP = 30;
  private static final int BOTTOM = 30;
  private static final int POINTS = 600;
  private static final double MIB = 1 << 20;

  private MemoryChart() {}

  static String svg(List<Report.Sample> samples) {
    double seconds = Math.max(1, samples.isEmpty() ? 1 : samples.getLast().seconds());
    double most = samples.stream().mapToDouble(s -> s.residentBytes() / MIB).max().orElse(1);
    double top = Math.ceil(most / 100) * 100;
    int step = Math.max(1, samples.size() / POINTS);
    String points =
        IntStream.range(0, samples.size())
            .filter(i -> i % step == 0)
            .mapToObj(samples::get)
            .map(
                s ->
                    text(
                        "%.1f,%.1f",
                        LEFT + (WIDTH - LEFT - 10) * s.seconds() / seconds,
                        y(s.residentBytes() / MIB, top)))
            .collect(Collectors.joining(" "));
    var out = new StringBuilder();
    out.append(
        text(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' font-size='13'"
                + " font-family='system-ui, sans-serif' role='img'>%n",
            WIDTH, HEIGHT, WIDTH));
    out.append(
        "<style>text{fill:#57606a}polyline{fill:none;stroke:#0f7b6c;stroke-width:1.5}"
            + "line{stroke:#57606a;opacity:.3}@media(prefers-color-scheme:dark){text{fill:#b8c0c8}"
            + "polyline{stroke:#2bb5a0}}</style>\n");
    out.append("<title>Resident memory over time</title>");
    out.append("<text x='0' y='16'>Resident memory of the server, MiB</text>\n");
    for (double mark : List.of(0.0, top / 2, top)) {
      out.append(
          text(
              "<line x1='%d' y1='%.1f' x2='%d' y2='%.1f'/><text x='%d' y='%.1f'"
                  + " text-anchor='end'>%.0f</text>%n",
              LEFT, y(mark, top), WIDTH - 10, y(mark, top), LEFT - 8, y(mark, top) + 4, mark));
    }
    out.append(text("<polyline points='%s'/>%n", points));
    out.append(
        text(
            "<text x='%d' y='%d' text-anchor='end'>%.0f minutes</text>%n",
            WIDTH - 10, HEIGHT - 8, seconds / 60));
    return out.append("</svg>\n").toString();
  }

  private static double y(double mib, double top) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * mib / top;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
