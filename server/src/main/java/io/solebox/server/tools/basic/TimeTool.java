package io.solebox.server.tools.basic;

import io.solebox.server.tools.Arguments;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolException;
import io.solebox.server.tools.ToolResult;
import io.solebox.server.tools.ToolSpec;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Knows what time it is, elsewhere too, and what lies between two days. */
final class TimeTool implements Tool {
  private static final String ZONE = "zone";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String NOW = "now";

  private final Clock clock;
  private final ToolSpec spec;

  TimeTool(Clock clock) {
    this.clock = clock;
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put(ZONE, text("A zone, as Europe/Berlin; that of the server if absent"));
    properties.put(FROM, text("A date or a time, as 2026-03-01 or 2026-03-01T12:30; or now"));
    properties.put(TO, text("Another one; what lies between the two is told"));
    this.spec =
        new ToolSpec(
            "time",
            "Tells the time and the date now, or in another zone; or what lies between two dates or"
                + " times.",
            Map.of("type", "object", "properties", properties),
            ToolSpec.BUILT_IN,
            true);
  }

  private static Map<String, Object> text(String description) {
    return Map.of("type", "string", "description", description);
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public ToolResult call(Map<String, Object> given, ToolCaller who) {
    Arguments arguments = new Arguments(given);
    ZoneId zone = arguments.optionalText(ZONE).map(TimeTool::zone).orElse(clock.getZone());
    ZonedDateTime now = clock.instant().atZone(zone).truncatedTo(ChronoUnit.SECONDS);
    Optional<String> to = arguments.optionalText(TO);
    ZonedDateTime from = time(arguments.optionalText(FROM).orElse(NOW), now);
    return ToolResult.of(to.isPresent() ? between(from, time(to.get(), now)) : told(from));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ToolException(
          "There is no zone '%s'. Zones are called as Europe/Berlin or UTC.".formatted(name));
    }
  }

  private static ZonedDateTime time(String text, ZonedDateTime now) {
    if (text.equalsIgnoreCase(NOW)) {
      return now;
    }
    try {
      return (ZonedDateTime)
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text.contains("T") ? text : text + "T00:00",
              ZonedDateTime::from,
              parsed -> LocalDateTime.from(parsed).atZone(now.getZone()));
    } catch (DateTimeException e) {
      throw new ToolException(
          "'%s' is no date and no time, as 2026-03-01 or 2026-03-01T12:30.".formatted(text));
    }
  }

  private static String told(ZonedDateTime time) {
    return "%s, %s (%s, day %d of the year)"
        .formatted(
            OffsetDateTime.from(time),
            time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
            time.getZone(),
            time.getDayOfYear());
  }

  private static String between(ZonedDateTime from, ZonedDateTime to) {
    LocalDate first = from.toLocalDate();
    LocalDate last = to.withZoneSameInstant(from.getZone()).toLocalDate();
    Period period = Period.between(first, last);
    Duration time = Duration.between(from, to);
    return "From %s to %s: %d days (%d years, %d months, %d days by the calendar); %d seconds"
        .formatted(
            told(from),
            told(to),
            ChronoUnit.DAYS.between(first, last),
            period.getYears(),
            period.getMonths(),
            period.getDays(),
            time.toSeconds());
  }
}
