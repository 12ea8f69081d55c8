package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.pci.PciAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What counts errors of a device, from a start on, so that two looks tell whether it rises. */
public enum ErrorCount {
  /** Corrected errors of its link, in {@code aer_dev_correctable}. */
  AER_CORRECTABLE,
  /** Packets that a GPU had to send again, by {@code nvidia-smi -q}. */
  REPLAYS,
  /** Rows of a GPU's memory that were replaced for errors that cannot be corrected. */
  REMAPPED_UNCORRECTABLE;

  private static final Pattern TOTAL = Pattern.compile("(?m)^TOTAL_ERR_COR\\s+(\\d{1,18})\\s*$");

  /** Of all devices that count, by their addresses. */
  public static Map<PciAddress, Map<ErrorCount, Long>> all(Box box, Pci pci) {
    Map<PciAddress, Map<ErrorCount, Long>> all = new TreeMap<>();
    for (PciDevice device : pci.devices()) {
      OptionalLong count = corrected(box, device.address());
      count.ifPresent(value -> put(all, device.address(), AER_CORRECTABLE, value));
    }
    for (Gpu gpu : pci.gpus()) {
      gpu.smi()
          .ifPresent(
              smi -> {
                smi.number("PCI/Replays Since Reset")
                    .ifPresent(value -> put(all, gpu.address(), REPLAYS, (long) value));
                smi.number("Remapped Rows/Uncorrectable Error")
                    .ifPresent(
                        value -> put(all, gpu.address(), REMAPPED_UNCORRECTABLE, (long) value));
              });
    }
    return all;
  }

  private static void put(
      Map<PciAddress, Map<ErrorCount, Long>> all, PciAddress at, ErrorCount count, long value) {
    all.computeIfAbsent(at, _ -> new EnumMap<>(ErrorCount.class)).put(count, value);
  }

  /** What the kernel has counted; empty where it does not count. */
  public static OptionalLong corrected(Box box, PciAddress device) {
    String file = SysfsPci.FOLDER + "/" + device + "/aer_dev_correctable";
    Matcher total = TOTAL.matcher(box.read(file).content().map(Reading.Content::text).orElse(""));
    return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
  }

  /** As files write it: {@code aer_correctable}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
