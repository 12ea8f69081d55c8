package io.solebox.hardware.settings;

import io.solebox.hardware.power.PowerSettings;
import io.solebox.hardware.power.PowerSettings.OfCard;
import io.solebox.hardware.power.PowerSettings.Point;
import io.solebox.hardware.settings.SettingLines.BadLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lines {@code psu.*}, {@code host.watts} and {@code card.*}. */
final class PowerLines {
  private static final String CARD = "card.";
  private static final String WATTS = ".watts";
  private static final String MEASURED = ".measured";

  /** More than any plug in a wall gives. */
  private static final double MOST_WATTS = 20_000;

  private PowerLines() {}

  static PowerSettings read(SettingLines lines) throws BadLine {
    Map<String, OfCard> cards = new HashMap<>();
    for (String name : lines.under(CARD)) {
      String card = name.replaceFirst("\\.(watts|measured)$", "");
      if (!card.equals(name)) {
        cards.put(card, card(CARD + card, lines));
      }
    }
    return new PowerSettings(
        lines.number("psu.watts", 1, MOST_WATTS),
        lines.number("psu.share", 0.1, 1).orElse(PowerSettings.DEFAULT_SHARE),
        lines.number("host.watts", 0, MOST_WATTS).orElse(PowerSettings.DEFAULT_HOST_WATTS),
        cards);
  }

  private static OfCard card(String name, SettingLines lines) throws BadLine {
    List<Point> measured = new ArrayList<>();
    Optional<String> points = lines.text(name + MEASURED);
    if (points.isPresent()) {
      for (String point : points.get().split(",")) {
        String[] parts = point.strip().split(":");
        if (parts.length != 2) {
          throw new BadLine(
              "%s%s=%s is not written as in 1140:230,1410:330, MHz and watts"
                  .formatted(name, MEASURED, points.get()));
        }
        measured.add(
            new Point(
                (int) SettingLines.number(name + MEASURED, parts[0], 1, 10_000),
                SettingLines.number(name + MEASURED, parts[1], 1, MOST_WATTS)));
      }
    }
    return new OfCard(lines.number(name + WATTS, 1, MOST_WATTS), measured);
  }
}
