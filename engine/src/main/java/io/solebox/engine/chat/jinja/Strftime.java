package io.solebox.engine.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code strftime} in the C locale, with glibc's {@code -} flag (no padding). */
final class Strftime {
  private static final Pattern DIRECTIVE = Pattern.compile("%(-?)([a-zA-Z%])");

  private Strftime() {}

  static Text format(RenderContext context, Text format) {
    context.budget().scan(format.length());
    LocalDateTime now = LocalDateTime.now(context.clock());
    BoundedText out = new BoundedText(context.budget());
    Matcher matcher = DIRECTIVE.matcher(format.string());
    int position = 0;
    while (matcher.find()) {
      out.append(format, position, matcher.start());
      String text = directive(now, matcher.group(2).charAt(0), matcher.group());
      boolean unpadded = !matcher.group(1).isEmpty() && text.length() > 1;
      out.plain(unpadded ? text.replaceFirst("^[0 ]+(?=.)", "") : text);
      position = matcher.end();
    }
    return out.append(format, position, format.length()).toText();
  }

  private static String directive(LocalDateTime now, char letter, String written) {
    return switch (letter) {
      case '%' -> "%";
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'Z', 'z' -> "";
      case 'f' -> String.format(Locale.ROOT, "%06d", now.getNano() / 1000);
      case 'u' -> String.valueOf(now.getDayOfWeek().getValue());
      case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
      case 'C' -> String.format(Locale.ROOT, "%02d", now.getYear() / 100);
      case 'G' -> String.valueOf(now.get(IsoFields.WEEK_BASED_YEAR));
      case 'V' -> String.format(Locale.ROOT, "%02d", now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'U' -> week(now, now.getDayOfWeek().getValue() % 7);
      case 'W' -> week(now, now.getDayOfWeek().getValue() - 1);
      case 'e' -> String.format(Locale.ROOT, "%2d", now.getDayOfMonth());
      case 'k' -> String.format(Locale.ROOT, "%2d", now.getHour());
      case 'l' -> String.format(Locale.ROOT, "%2d", (now.getHour() + 11) % 12 + 1);
      case 'c' ->
          pattern(now, "EEE MMM ") + directive(now, 'e', "") + pattern(now, " HH:mm:ss yyyy");
      default -> standard(now, letter, written);
    };
  }

  private static String standard(LocalDateTime now, char letter, String written) {
    return switch (letter) {
      case 'Y' -> pattern(now, "yyyy");
      case 'y' -> pattern(now, "yy");
      case 'm' -> pattern(now, "MM");
      case 'd' -> pattern(now, "dd");
      case 'j' -> pattern(now, "DDD");
      case 'H' -> pattern(now, "HH");
      case 'I' -> pattern(now, "hh");
      case 'M' -> pattern(now, "mm");
      case 'S' -> pattern(now, "ss");
      case 'p' -> pattern(now, "a");
      case 'P' -> PyText.lower(pattern(now, "a"));
      case 'B' -> pattern(now, "MMMM");
      case 'b', 'h' -> pattern(now, "MMM");
      case 'A' -> pattern(now, "EEEE");
      case 'a' -> pattern(now, "EEE");
      case 'D', 'x' -> pattern(now, "MM/dd/yy");
      case 'F' -> pattern(now, "yyyy-MM-dd");
      case 'T', 'X' -> pattern(now, "HH:mm:ss");
      case 'R' -> pattern(now, "HH:mm");
      case 'r' -> pattern(now, "hh:mm:ss a");
      default -> written;
    };
  }

  private static String pattern(LocalDateTime now, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
  }

  /** Week of the year by the days since the week began. */
  private static String week(LocalDateTime now, int daysIntoWeek) {
    return String.format(Locale.ROOT, "%02d", (now.getDayOfYear() + 6 - daysIntoWeek) / 7);
  }
}
