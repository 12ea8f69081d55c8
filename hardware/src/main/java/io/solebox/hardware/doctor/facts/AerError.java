package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;

/**
 * An error of a link or of what went over it, as the kernel logged it (Advanced Error Reporting).
 *
 * @param device that reports it
 * @param severity of it
 * @param names as in {@code Replay Timer Timeout}; empty where the kernel named none
 * @param line the first that tells of it
 * @param named the line with the first of those names
 */
public record AerError(
    PciAddress device, Severity severity, List<String> names, LogLine line, LogLine named) {
  /** What it does, from mild to bad. */
  public enum Severity {
    /** The link repeated what was lost. */
    CORRECTED,
    /** One transfer failed. */
    NONFATAL,
    /** The link is not to be trusted any more. */
    FATAL
  }

  /** Below the first line there are at most this many that belong to it. */
  private static final int BLOCK = 8;

  public AerError {
    names = List.copyOf(names);
  }

  /** All that a log says. */
  public static List<AerError> all(KernelLog log) {
    List<AerError> errors = new ArrayList<>();
    List<LogLine> lines = log.lines();
    for (int i = 0; i < lines.size(); i++) {
      Matcher error = Wording.AER_ERROR.pattern().matcher(lines.get(i).text());
      if (error.find()) {
        PciAddress device = PciAddress.of(error.group(1)).orElseThrow();
        errors.add(
            of(
                device,
                severity(error.group(2)),
                lines.subList(i, Math.min(lines.size(), i + BLOCK))));
      }
    }
    return List.copyOf(errors);
  }

  private static Severity severity(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (lower.startsWith("correct")) {
      return Severity.CORRECTED;
    }
    return lower.contains("non-fatal") ? Severity.NONFATAL : Severity.FATAL;
  }

  private static AerError of(PciAddress device, Severity severity, List<LogLine> block) {
    List<String> names = new ArrayList<>();
    LogLine named = block.getFirst();
    for (LogLine line : block.subList(1, block.size())) {
      if (Wording.AER_ERROR.pattern().matcher(line.text()).find()) {
        break;
      }
      Matcher bit = Wording.AER_BIT.pattern().matcher(line.text());
      if (bit.find() && PciAddress.of(bit.group(1)).orElseThrow().equals(device)) {
        named = names.isEmpty() ? line : named;
        names.add(bit.group(3).replaceAll("\\s+", " "));
      }
    }
    return new AerError(device, severity, names, block.getFirst(), named);
  }
}
