package io.solebox.app.session;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment in the past as people write it. */
public final class Since implements ITypeConverter<Since.Moment> {
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([mhd])");

  /** When it was. */
  public record Moment(Instant instant) {}

  @Override
  public Moment convert(String text) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return new Moment(Instant.now().minus(duration(Long.parseLong(ago.group(1)), ago.group(2))));
    }
    try {
      return new Moment(
          text.contains("T")
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant());
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "'%s' is no time; write it as 2026-03-01, 2026-03-01T12:00:00Z, 90m, 12h or 7d"
              .formatted(text));
    }
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
