package io.solebox.app.users;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long something is good, as in {@code 12h}, {@code 90d}, {@code 2w}. */
final class Lifetime implements ITypeConverter<Duration> {
  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,4})([hdw])");

  @Override
  public Duration convert(String text) {
    var found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new TypeConversionException("'" + text + "' is no time; write it as 12h, 90d or 2w");
    }
    long number = Long.parseLong(found.group(1));
    return switch (found.group(2)) {
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(7 * number);
    };
  }
}
