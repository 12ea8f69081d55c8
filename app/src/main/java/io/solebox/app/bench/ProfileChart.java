package io.solebox.app.bench;

import static io.solebox.app.console.Svg.escaped;
import static io.solebox.app.console.Svg.text;

import io.solebox.app.console.Svg;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.backend.StepProfile.Phase;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;

/**
 * Bars of a step's phases, as SVG: the length is the time of all launches of a kind, the number
 * beside it what each gives of the memory's bandwidth. Light and dark follow the reader's page.
 */
final class ProfileChart {
  private static final int ROW = 24;
  private static final int LETTER = 7;
  private static final int BARS = 360;
  private static final int NUMBERS = 150;
  private static final int TOP = 40;

  private ProfileChart() {}

  /**
   * @throws SoleboxException {@code IO_ERROR}
   */
  static void write(Path file, String title, StepProfile profile) {
    Svg.write(file, svg(title, profile));
  }

  static String svg(String title, StepProfile profile) {
    int letters = profile.phases().stream().mapToInt(p -> p.kind().length()).max().orElse(0);
    int labels = LETTER * letters + 16;
    int width = labels + BARS + NUMBERS;
    int height = TOP + ROW * profile.phases().size() + 16;
    double longest = profile.phases().stream().mapToDouble(Phase::totalMicros).max().orElse(1);
    var out = new StringBuilder();
    out.append(Svg.head(width, height));
    out.append(
        "<style>text{fill:#57606a}.bar{fill:#0f7b6c}@media(prefers-color-scheme:dark)"
            + "{text{fill:#b8c0c8}.bar{fill:#2bb5a0}}</style>\n");
    out.append(
        text(
            "<title>%s</title><text x='0' y='16'>%s: %.0f us on the device</text>%n",
            escaped(title), escaped(title), profile.stepMicros()));
    int y = TOP;
    for (Phase phase : profile.phases()) {
      double length = BARS * phase.totalMicros() / longest;
      int base = y + 15;
      out.append(text("<text x='0' y='%d'>%s</text>", base, escaped(phase.kind())));
      out.append(
          text(
              "<rect class='bar' x='%d' y='%d' width='%.1f' height='%d' rx='2'/>",
              labels, y + 3, length, ROW - 8));
      out.append(
          text("<text x='%.1f' y='%d'>%s</text>%n", labels + length + 8, base, numbers(phase)));
      y += ROW;
    }
    return out.append("</svg>\n").toString();
  }

  private static String numbers(Phase phase) {
    String time = text("%.0f us", phase.totalMicros());
    return phase.bytes() > 0 ? time + text(", %.0f GB/s", phase.bytesPerSecond() / 1e9) : time;
  }
}
