package io.solebox.hardware.sensors;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.telemetry.Measured;
import java.util.Optional;
import java.util.OptionalLong;

/** Numbers in files of the kernel. */
final class Sysfs {
  static final String GONE = "it is there no more";

  private Sysfs() {}

  /** A file's number times a scale, or why there is none. */
  static Measured number(Box box, String path, double scale) {
    return switch (box.read(path)) {
      case Reading.Absent _ -> Measured.missing(GONE);
      case Reading.Unreadable(String why) -> Measured.missing(why);
      case Reading.Content content -> number(content.text().strip(), scale);
    };
  }

  private static Measured number(String text, double scale) {
    OptionalLong number = parsed(text);
    return number.isPresent()
        ? Measured.now(number.getAsLong() * scale)
        : Measured.missing("it says no number: " + shortened(text));
  }

  /** A whole number, where the text is one. */
  static OptionalLong parsed(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }

  /** A file's word, where there is one. */
  static Optional<String> word(Box box, String path) {
    return box.read(path).word().filter(word -> !word.isEmpty());
  }
}
