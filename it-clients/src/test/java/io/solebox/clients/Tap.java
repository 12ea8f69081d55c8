package io.solebox.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What failed, of what {@code node --test} says in the form that TAP 13 and its YAML have there.
 */
final class Tap {
  private static final Pattern FAILED = Pattern.compile("( *)not ok \\d+ - (.*)");

  /** Where a frame is in a file of ours: its name, and its line. */
  private static final Pattern OURS =
      Pattern.compile("file://(?!\\S*/node_modules/)\\S*/([^/\\s]+:\\d+):\\d+");

  private static final int MOST_CHARS = 300;
  private static final int MOST_FRAMES = 3;

  private Tap() {}

  /**
   * The failed tests in one line, since a summary shows no more of a message; empty where the log
   * tells of none.
   */
  static Optional<String> failures(String log) {
    List<String> failures = new ArrayList<>();
    List<String> lines = log.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher failed = FAILED.matcher(lines.get(i));
      if (failed.matches() && !failed.group(2).contains("# TODO")) {
        List<String> of = diagnostics(lines.subList(i + 1, lines.size()), failed.group(1) + "  ");
        // What is around a failed test has failed as well, and tells nothing more.
        if (!of.contains("failureType: 'subtestsFailed'")) {
          failures.add(failure(failed.group(2), of));
        }
      }
    }
    return failures.isEmpty()
        ? Optional.empty()
        : Optional.of(failures.size() + " failed: " + String.join("; ", failures));
  }

  /** The lines between {@code ---} and {@code ...}, without their margin. */
  private static List<String> diagnostics(List<String> lines, String margin) {
    if (lines.isEmpty() || !lines.getFirst().equals(margin + "---")) {
      return List.of();
    }
    return lines.stream()
        .skip(1)
        .takeWhile(line -> !line.equals(margin + "..."))
        .map(line -> line.startsWith(margin) ? line.substring(margin.length()) : line.strip())
        .toList();
  }

  private static String failure(String name, List<String> diagnostics) {
    String error = value(diagnostics, "error");
    String place =
        OURS.matcher(value(diagnostics, "stack"))
            .results()
            .map(frame -> frame.group(1))
            .distinct()
            .limit(MOST_FRAMES)
            .collect(Collectors.joining(" < "));
    if (place.isEmpty()) {
      place = value(diagnostics, "location").replaceFirst("^.*/", "");
    }
    String shown = error.length() > MOST_CHARS ? error.substring(0, MOST_CHARS) + "..." : error;
    return "\"" + name + "\" (" + place + "): " + shown;
  }

  /** What a key has, in one line; empty where there is no such key. */
  private static String value(List<String> diagnostics, String key) {
    for (int i = 0; i < diagnostics.size(); i++) {
      if (diagnostics.get(i).equals(key + ": |-")) {
        return diagnostics.subList(i + 1, diagnostics.size()).stream()
            .takeWhile(line -> line.isEmpty() || line.startsWith(" "))
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining(" "));
      }
      if (diagnostics.get(i).startsWith(key + ": ")) {
        return diagnostics.get(i).substring(key.length() + 2).replaceFirst("^'(.*)'$", "$1");
      }
    }
    return "";
  }
}
