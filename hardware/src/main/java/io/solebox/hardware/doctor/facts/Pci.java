package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.table.GpuTable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The PCI buses of a machine, from whatever of these was captured: {@code sys/bus/pci}, what {@code
 * lspci} and {@code nvidia-smi} say, the kernel's log. What two of them say is taken from the
 * first.
 *
 * @param devices by their addresses
 * @param gpus those that compute, by their addresses
 * @param barEvents what the log says of ranges of addresses
 * @param hostWindows what host bridges hand on
 * @param listed whether there was a list of all devices, so that what is not in it is not there
 */
public record Pci(
    List<PciDevice> devices,
    List<Gpu> gpus,
    List<BarEvent> barEvents,
    List<HostWindow> hostWindows,
    boolean listed) {
  private static final long LARGE = 1L << 30;

  public Pci {
    devices = List.copyOf(devices);
    gpus = List.copyOf(gpus);
    barEvents = List.copyOf(barEvents);
    hostWindows = List.copyOf(hostWindows);
  }

  static Pci of(Box box, KernelLog log) {
    Map<PciAddress, DeviceNotes> found = new TreeMap<>();
    Function<PciAddress, DeviceNotes> notes =
        address -> found.computeIfAbsent(address, DeviceNotes::new);
    new SysfsPci(box).read(notes);
    LspciText.read(box, notes);
    boolean listed = !found.isEmpty();
    List<SmiGpu> smi = SmiGpu.all(box);
    SmiPci.read(box, smi, notes);
    List<BarEvent> events = BarEvent.all(log);
    LogPci.read(log, events, notes);
    List<PciDevice> devices = found.values().stream().map(DeviceNotes::device).toList();
    GpuTable table = new GpuTable();
    List<Gpu> gpus =
        devices.stream().filter(PciDevice::isGpu).map(each -> Gpu.of(each, smi, table)).toList();
    return new Pci(devices, gpus, events, HostWindow.all(box, log), listed);
  }

  /** The device at an address. */
  public Optional<PciDevice> device(PciAddress address) {
    return devices.stream().filter(each -> each.address().equals(address)).findFirst();
  }

  /**
   * GPUs, and what needs as much room as one: a device with a BAR of 1 GiB and more, which may be a
   * GPU that the kernel's log does not name, or what stands for one under emulation.
   */
  public List<PciDevice> large() {
    return devices.stream()
        .filter(device -> !device.isBridge()) // some have a BAR of 1 GiB for accesses from outside
        .filter(
            device ->
                device.isGpu()
                    || device.bars().stream()
                        .map(Known::value)
                        .anyMatch(bar -> bar.kind() == PciBar.Kind.BAR && bar.size() >= LARGE))
        .toList();
  }

  /** The bridges above a device, the nearest first. */
  public List<PciDevice> above(PciAddress address) {
    return devices.stream()
        .filter(each -> each.address().domain() == address.domain())
        .filter(each -> each.buses().filter(range -> range.contains(address.bus())).isPresent())
        .sorted(
            Comparator.comparingInt((PciDevice each) -> each.buses().orElseThrow().first())
                .reversed())
        .toList();
  }

  /** The devices behind a bridge, near and far. */
  public List<PciDevice> below(PciDevice bridge) {
    return devices.stream()
        .filter(each -> each.address().domain() == bridge.address().domain())
        .filter(
            each ->
                bridge.buses().filter(range -> range.contains(each.address().bus())).isPresent())
        .toList();
  }
}
