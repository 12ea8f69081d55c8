package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel has said, of this start and, where it was captured, of those before.
 *
 * @param lines in their order, those of earlier starts first
 * @param reading of the log of this start: why there is none, where there is none
 */
public record KernelLog(List<LogLine> lines, Reading reading) {
  /** Those of earlier starts first. {@code journal.txt} is what {@code journalctl -k} says. */
  private static final List<String> FILES =
      List.of("dmesg-before-reboot.txt", "journal.txt", "dmesg.txt");

  /** {@code [ 12.345678] text}, as dmesg prints it, also behind a priority or a date and host. */
  private static final Pattern STAMPED =
      Pattern.compile(
          "^(?:<\\d+>)?(?:\\w+ *:\\w+ *:"
              + " )?(?:[^\\[]*kernel:\\s*)?\\[\\s*(\\d+\\.\\d+)(?:@\\d+)?\\]\\s?(?:kernel: )?(.*)$");

  /** {@code [Sat Oct 12 18:35:32 2024] text} of dmesg -T, {@code [ +0.000049] text} of dmesg -H. */
  private static final Pattern DATED =
      Pattern.compile(
          "^\\[(?:[^\\]]{0,32}\\d\\d:\\d\\d:\\d\\d[^\\]]{0,32}|\\s*\\+\\d+\\.\\d+)\\]\\s?(.*)$");

  private static final Pattern JOURNAL = Pattern.compile("^.{0,64}?\\bkernel:\\s(.*)$");

  public KernelLog {
    lines = List.copyOf(lines);
  }

  /** What is there. */
  public static KernelLog of(Box box) {
    List<LogLine> lines = new ArrayList<>();
    for (String file : FILES) {
      int number = 0;
      for (String line : box.read(file).content().map(Reading.Content::lines).orElse(List.of())) {
        number++;
        lines.add(line(file, number, line));
      }
    }
    return new KernelLog(lines, box.read("dmesg.txt"));
  }

  private static LogLine line(String file, int number, String line) {
    Matcher stamped = STAMPED.matcher(line);
    if (stamped.matches()) {
      double seconds = Double.parseDouble(stamped.group(1));
      return new LogLine(file, number, OptionalDouble.of(seconds), stamped.group(2));
    }
    Matcher dated = DATED.matcher(line);
    if (dated.matches()) {
      return new LogLine(file, number, OptionalDouble.empty(), dated.group(1));
    }
    Matcher journal = JOURNAL.matcher(line);
    String text = journal.matches() ? journal.group(1) : line;
    return new LogLine(file, number, OptionalDouble.empty(), text);
  }

  /** A line that says what was looked for, with the groups of the pattern. */
  public record Hit(LogLine line, MatchResult match) {}

  /** All lines in which a pattern is found. */
  public Stream<Hit> find(Pattern pattern) {
    return lines.stream()
        .flatMap(
            line -> {
              Matcher matcher = pattern.matcher(line.text());
              return matcher.find()
                  ? Stream.of(new Hit(line, matcher.toMatchResult()))
                  : Stream.empty();
            });
  }
}
