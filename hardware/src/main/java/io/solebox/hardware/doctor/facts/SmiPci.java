package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.GpuTable;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Devices as {@code nvidia-smi} shows them, with {@code -q} and without. */
final class SmiPci {
  /** {@code | 0 Tesla V100-SXM2-32GB On | 00000000:01:00.0 Off |}. */
  private static final Pattern ROW =
      Pattern.compile(
          "^\\|\\s+\\d+\\s+(\\S.*?)\\s+(?:On|Off|N/A)\\s+\\|\\s+("
              + PciAddress.PATTERN
              + ")\\s+(?:On|Off|N/A)\\s+\\|");

  /** {@code Device Id : 0x20B210DE}: the device before its vendor. */
  private static final Pattern ID = Pattern.compile("0x([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})");

  private static final int DISPLAY = 0x030000;

  private SmiPci() {}

  static void read(Box box, List<SmiGpu> all, Function<PciAddress, DeviceNotes> notes) {
    all.forEach(gpu -> read(gpu, notes.apply(gpu.address())));
    for (String file : SmiGpu.files(box)) {
      int number = 0;
      for (String line : box.read(file).content().map(Reading.Content::lines).orElse(List.of())) {
        number++;
        Matcher row = ROW.matcher(line);
        if (row.find()) {
          DeviceNotes device = notes.apply(PciAddress.of(row.group(2)).orElseThrow());
          device.seen(new Evidence(file, number, line.strip()));
          device.vendor(GpuTable.NVIDIA);
          device.classCode(DISPLAY);
          device.name(row.group(1));
        }
      }
    }
  }

  private static void read(SmiGpu gpu, DeviceNotes device) {
    gpu.values().values().stream().findFirst().ifPresent(first -> device.seen(first.evidence()));
    device.vendor(GpuTable.NVIDIA);
    device.classCode(DISPLAY);
    gpu.value("PCI/Device Id")
        .map(id -> ID.matcher(id.value()))
        .filter(Matcher::matches)
        .ifPresent(id -> device.device(Integer.parseInt(id.group(1), 16)));
    gpu.value("Product Name").ifPresent(name -> device.name(name.value()));
    link(gpu, "Device Max", "Max", device::maxLink);
    link(gpu, "Device Current", "Current", device::link);
  }

  private static void link(
      SmiGpu gpu, String exact, String plain, BiConsumer<PciLink, Evidence> taken) {
    String info = "PCI/GPU Link Info/";
    Optional<Known<String>> generation =
        gpu.value(info + "PCIe Generation/" + exact, info + "PCIe Generation/" + plain);
    Optional<Integer> lanes =
        gpu.value(info + "Link Width/" + plain)
            .map(width -> width.value().replace("x", ""))
            .flatMap(SmiPci::integer);
    generation
        .flatMap(known -> integer(known.value()))
        .flatMap(PciLink::speed)
        .ifPresent(
            speed ->
                lanes.ifPresent(
                    count -> taken.accept(new PciLink(speed, count), generation.get().evidence())));
  }

  private static Optional<Integer> integer(String text) {
    try {
      return Optional.of(Integer.valueOf(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
