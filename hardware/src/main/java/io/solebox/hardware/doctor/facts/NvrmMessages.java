package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What NVIDIA's driver says of a GPU over several lines, as one text: {@code The NVIDIA GPU
 * 0000:01:00.0 (PCI ID: 10de:1db5) installed in this system is not supported by open nvidia.ko
 * because ...}. Where it breaks its lines differs between versions.
 */
public final class NvrmMessages {
  private static final Pattern FIRST =
      Pattern.compile(
          "NVRM: (The NVIDIA (?:GPU ("
              + PciAddress.PATTERN
              + ") \\(PCI ID: ([0-9a-fA-F]{4}:[0-9a-fA-F]{4})\\)|.* GPU installed in this system)"
              + ".*)$");

  private static final Pattern NEXT = Pattern.compile("NVRM: +(.*)$");

  /** The driver's longest such text has fewer. */
  private static final int MOST_LINES = 14;

  private NvrmMessages() {}

  /**
   * One of them.
   *
   * @param gpu where it is; empty where the driver names the model alone
   * @param id as in {@code 10de:1db5}
   * @param line its first
   */
  public record Message(Optional<PciAddress> gpu, Optional<String> id, String text, LogLine line) {
    public Evidence evidence() {
      return line.evidence();
    }
  }

  /** All of them, in their order. */
  public static List<Message> of(KernelLog log) {
    List<Message> messages = new ArrayList<>();
    List<LogLine> lines = log.lines();
    for (int i = 0; i < lines.size(); i++) {
      Matcher first = FIRST.matcher(lines.get(i).text());
      if (first.find()) {
        String text = first.group(1) + rest(lines, i + 1);
        messages.add(
            new Message(
                Optional.ofNullable(first.group(2)).flatMap(PciAddress::of),
                Optional.ofNullable(first.group(3)),
                text,
                lines.get(i)));
      }
    }
    return messages;
  }

  /** Lines of others may stand between. */
  private static String rest(List<LogLine> lines, int from) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < Math.min(lines.size(), from + MOST_LINES); i++) {
      String line = lines.get(i).text();
      if (FIRST.matcher(line).find()) {
        break;
      }
      Matcher next = NEXT.matcher(line);
      if (next.find()) {
        text.append(' ').append(next.group(1).strip());
      }
    }
    return text.toString();
  }
}
