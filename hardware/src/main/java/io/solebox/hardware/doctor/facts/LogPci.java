package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.table.GpuTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Devices as a kernel and its drivers speak of them in the log. */
final class LogPci {
  private static final String ADDRESS = "(" + PciAddress.PATTERN + ")";

  private static final Pattern PORT = Pattern.compile("^pcieport " + ADDRESS + ":");

  /** A vendor's driver speaks of its own GPUs alone. */
  private static final Map<Pattern, Integer> DRIVERS = drivers();

  private LogPci() {}

  private static Map<Pattern, Integer> drivers() {
    Map<Pattern, Integer> drivers = new LinkedHashMap<>();
    drivers.put(
        Pattern.compile("^(?:nvidia|nouveau|NovaCore|nova-core) " + ADDRESS + ":"),
        GpuTable.NVIDIA);
    drivers.put(Pattern.compile("nvidia: probe of " + ADDRESS + " failed"), GpuTable.NVIDIA);
    drivers.put(Pattern.compile("NVRM: .*\\(PCI:" + ADDRESS + "\\)"), GpuTable.NVIDIA);
    drivers.put(Pattern.compile("NVRM: GPU (?:at )?" + ADDRESS + "[ :]"), GpuTable.NVIDIA);
    drivers.put(
        Pattern.compile("^(?:amdgpu|radeon)(?:: probe of)? " + ADDRESS + "[: ]"), GpuTable.AMD);
    return drivers;
  }

  static void read(KernelLog log, List<BarEvent> events, Function<PciAddress, DeviceNotes> notes) {
    Wording.PCI_DEVICE
        .in(log)
        .forEach(
            hit -> {
              DeviceNotes device = notes.apply(PciAddress.of(hit.match().group(1)).orElseThrow());
              device.seen(hit.line().evidence());
              device.vendor(Integer.parseInt(hit.match().group(2), 16));
              device.device(Integer.parseInt(hit.match().group(3), 16));
              device.classCode(Integer.decode(hit.match().group(4)));
            });
    bridges(log, notes);
    gpus(log, notes);
    bars(events, notes);
  }

  private static void bridges(KernelLog log, Function<PciAddress, DeviceNotes> notes) {
    Wording.PCI_BRIDGE
        .in(log)
        .forEach(
            hit -> {
              DeviceNotes device = notes.apply(PciAddress.of(hit.match().group(1)).orElseThrow());
              device.seen(hit.line().evidence());
              int first = Integer.parseInt(hit.match().group(2), 16);
              String last = hit.match().group(3);
              device.buses(first, last == null ? first : Integer.parseInt(last, 16));
              device.classCode(0x060400);
            });
    log.find(PORT)
        .forEach(
            hit -> {
              DeviceNotes device = notes.apply(PciAddress.of(hit.match().group(1)).orElseThrow());
              device.seen(hit.line().evidence());
              device.classCode(0x060400);
            });
  }

  private static void gpus(KernelLog log, Function<PciAddress, DeviceNotes> notes) {
    for (NvrmMessages.Message message : NvrmMessages.of(log)) {
      message.gpu().ifPresent(address -> refused(message, notes.apply(address)));
    }
    DRIVERS.forEach(
        (pattern, vendor) ->
            log.find(pattern)
                .forEach(
                    hit -> {
                      PciAddress address = PciAddress.of(hit.match().group(1)).orElseThrow();
                      DeviceNotes device = notes.apply(address);
                      device.seen(hit.line().evidence());
                      device.vendor(vendor);
                      device.classCode(0x030000);
                    }));
  }

  /** What the driver says of a GPU that it does not serve. */
  private static void refused(NvrmMessages.Message message, DeviceNotes device) {
    device.seen(message.evidence());
    device.vendor(GpuTable.NVIDIA);
    device.classCode(0x030000);
    message.id().ifPresent(id -> device.device(Integer.parseInt(id.substring(5), 16)));
  }

  /** The last word about each range counts. */
  private static void bars(List<BarEvent> events, Function<PciAddress, DeviceNotes> notes) {
    for (BarEvent event : events.reversed()) {
      if (event.action() != BarEvent.Action.RELEASED) {
        DeviceNotes device = notes.apply(event.device());
        device.seen(event.line().evidence());
        device.bar(placed(event), event.line().evidence());
      }
    }
  }

  private static PciBar placed(BarEvent event) {
    PciBar bar = event.bar();
    return event.action().isLoss()
        ? new PciBar(bar.kind(), bar.index(), OptionalLong.empty(), bar.size(), bar.prefetchable())
        : bar;
  }
}
