package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.table.GpuTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Devices as {@code lspci} shows them, with any of {@code -n}, {@code -nn}, {@code -v}, {@code
 * -vvv}.
 */
final class LspciText {
  private static final Pattern HEAD =
      Pattern.compile("^(" + PciAddress.PATTERN + ") ([^:\\[]*?)(?: \\[([0-9a-f]{4})\\])?: (.*)$");

  /** With {@code -n}: {@code 01:00.0 0302: 10de:1db5 (rev a1)}. */
  private static final Pattern NUMBERS =
      Pattern.compile(
          "^(" + PciAddress.PATTERN + ") ([0-9a-f]{4}): ([0-9a-f]{4}):([0-9a-f]{4})\\b.*$");

  private static final Pattern IDS = Pattern.compile(".*\\[([0-9a-f]{4}):([0-9a-f]{4})\\]");

  /** Classes by their names, where no number stands beside them. */
  private static final Map<String, Integer> CLASSES =
      Map.of(
          "VGA compatible controller", 0x030000,
          "3D controller", 0x030200,
          "Display controller", 0x038000,
          "Processing accelerators", 0x120000,
          "PCI bridge", 0x060400);

  private static final Map<String, Integer> VENDORS =
      Map.of("NVIDIA Corporation", GpuTable.NVIDIA, "Advanced Micro Devices", GpuTable.AMD);

  private LspciText() {}

  static List<String> files(Box box) {
    return box.names("").stream()
        .filter(name -> name.startsWith("lspci") && name.endsWith(".txt"))
        .toList();
  }

  static void read(Box box, Function<PciAddress, DeviceNotes> notes) {
    // The longest first: what -vvv says of a BAR is more than what a listing does.
    for (String file : files(box).reversed()) {
      Optional<LspciBlock> block = Optional.empty();
      int number = 0;
      for (String line : box.read(file).content().map(Reading.Content::lines).orElse(List.of())) {
        number++;
        Evidence evidence = new Evidence(file, number, line.strip());
        if (!line.isEmpty() && !Character.isWhitespace(line.charAt(0))) {
          block = head(line, evidence, notes);
        } else {
          block.ifPresent(each -> each.line(evidence));
        }
      }
    }
  }

  private static Optional<LspciBlock> head(
      String line, Evidence evidence, Function<PciAddress, DeviceNotes> notes) {
    Matcher numbers = NUMBERS.matcher(line);
    if (numbers.matches()) {
      DeviceNotes device = notes.apply(PciAddress.of(numbers.group(1)).orElseThrow());
      device.seen(evidence);
      device.classCode(Integer.parseInt(numbers.group(2), 16) << 8);
      device.vendor(Integer.parseInt(numbers.group(3), 16));
      device.device(Integer.parseInt(numbers.group(4), 16));
      return Optional.of(new LspciBlock(device));
    }
    Matcher head = HEAD.matcher(line);
    if (!head.matches()) {
      return Optional.empty();
    }
    DeviceNotes device = notes.apply(PciAddress.of(head.group(1)).orElseThrow());
    device.seen(evidence);
    if (head.group(3) != null) {
      device.classCode(Integer.parseInt(head.group(3), 16) << 8);
    } else {
      Optional.ofNullable(CLASSES.get(head.group(2).strip())).ifPresent(device::classCode);
    }
    named(head.group(4), device);
    return Optional.of(new LspciBlock(device));
  }

  private static void named(String text, DeviceNotes device) {
    Matcher ids = IDS.matcher(text);
    if (ids.find()) {
      device.vendor(Integer.parseInt(ids.group(1), 16));
      device.device(Integer.parseInt(ids.group(2), 16));
    }
    VENDORS.forEach(
        (name, id) -> {
          if (text.startsWith(name)) {
            device.vendor(id);
          }
        });
    device.name(text.replaceAll(" \\[[0-9a-f]{4}:[0-9a-f]{4}\\]", "").replaceAll(" \\(.*$", ""));
  }

  /** A size as lspci writes it: {@code 256M}, {@code 32G}. */
  static long bytes(String number, String unit) {
    long bytes = Long.parseLong(number);
    return switch (unit) {
      case "K" -> bytes << 10;
      case "M" -> bytes << 20;
      case "G" -> bytes << 30;
      case "T" -> bytes << 40;
      default -> bytes;
    };
  }

  /** As {@link PciBar.Kind}, of a region. */
  static PciBar.Kind kind(String space) {
    return space.equals("I/O ports") ? PciBar.Kind.IO : PciBar.Kind.BAR;
  }
}
