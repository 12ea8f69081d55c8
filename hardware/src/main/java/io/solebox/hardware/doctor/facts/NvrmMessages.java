package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What NVIDIA's driver says of a GPU over several lines, as one text: {@code The NVIDIA GPU
 * 0000:01:00.0 (PCI ID: 10de:1db5) installed in this system is not supported by open nvidia.ko
 * because ...}. Where it breaks its lines differs between versions.
 */
public final class NvrmMessages {
  private static final Pattern FIRST = Pattern.compile("NVRM: (The NVIDIA (?!probe routine).*)$");

  private static final Pattern GPU =
      Pattern.compile("^The NVIDIA GPU (" + PciAddress.PATTERN + ")");
  private static final Pattern ID =
      Pattern.compile("\\(PCI ID: ([0-9a-fA-F]{4}:[0-9a-fA-F]{4})\\)");

  private static final Pattern NEXT = Pattern.compile("NVRM: +(.*)$");

  /** Lines of others may stand between. */
  private static final int MOST_LINES = 40;

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
        messages.add(message(first.group(1) + rest(first.group(1), lines, i + 1), lines.get(i)));
      }
    }
    return messages;
  }

  private static Message message(String text, LogLine line) {
    Matcher gpu = GPU.matcher(text);
    Matcher id = ID.matcher(text);
    return new Message(
        gpu.find() ? PciAddress.of(gpu.group(1)) : Optional.empty(),
        id.find() ? Optional.of(id.group(1).toLowerCase(Locale.ROOT)) : Optional.empty(),
        text,
        line);
  }

  /** Up to the line that ends a sentence. */
  private static String rest(String first, List<LogLine> lines, int from) {
    StringBuilder text = new StringBuilder();
    boolean ended = first.endsWith(".");
    for (int i = from; !ended && i < Math.min(lines.size(), from + MOST_LINES); i++) {
      String line = lines.get(i).text();
      ended = FIRST.matcher(line).find();
      Matcher next = NEXT.matcher(line);
      if (!ended && next.find()) {
        text.append(' ').append(next.group(1).strip());
        ended = line.stripTrailing().endsWith(".");
      }
    }
    return text.toString();
  }
}
