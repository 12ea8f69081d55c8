package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a device has reported errors since the kernel's start, as {@code aer_dev_*} of sysfs
 * counts it.
 *
 * @param count above 0
 * @param names of those that were
 */
public record AerCount(
    PciAddress device,
    AerError.Severity severity,
    long count,
    List<String> names,
    Evidence evidence) {
  private static final Pattern LINE = Pattern.compile("^(\\S+)\\s+(\\d{1,18})$");
  private static final String TOTAL = "TOTAL_ERR_";

  public AerCount {
    names = List.copyOf(names);
  }

  /** Of all devices, those with errors. */
  public static List<AerCount> all(Box box, Pci pci) {
    List<AerCount> counts = new ArrayList<>();
    for (PciDevice device : pci.devices()) {
      add(box, device, "correctable", AerError.Severity.CORRECTED, counts);
      add(box, device, "nonfatal", AerError.Severity.NONFATAL, counts);
      add(box, device, "fatal", AerError.Severity.FATAL, counts);
    }
    return List.copyOf(counts);
  }

  /** Whether the kernel counts for any device. */
  public static boolean areKept(Box box, Pci pci) {
    return pci.devices().stream()
        .anyMatch(device -> box.read(file(device, "fatal")).content().isPresent());
  }

  private static String file(PciDevice device, String kind) {
    return SysfsPci.FOLDER + "/" + device.address() + "/aer_dev_" + kind;
  }

  private static void add(
      Box box, PciDevice device, String kind, AerError.Severity severity, List<AerCount> counts) {
    String file = file(device, kind);
    List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
    List<String> names = new ArrayList<>();
    long total = 0;
    int at = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i).strip());
      if (line.matches() && !line.group(2).equals("0")) {
        if (line.group(1).startsWith(TOTAL)) {
          total = Long.parseLong(line.group(2));
          at = i;
        } else {
          names.add(line.group(1));
        }
      }
    }
    if (total > 0) {
      counts.add(
          new AerCount(
              device.address(),
              severity,
              total,
              names,
              new Evidence(file, at + 1, lines.get(at).strip())));
    }
  }
}
