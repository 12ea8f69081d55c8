package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.pci.ConfigSpace;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whether the BARs that a GPU has are anywhere. */
final class GpuBarAssigned implements Check {
  @Override
  public String id() {
    return "gpu.bar.assigned";
  }

  @Override
  public String title() {
    return "the GPU's BARs have addresses";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "sys/bus/pci/devices/*/resource",
        "sys/bus/pci/devices/*/config",
        "lspci-v*.txt",
        "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where a BAR that the log lists, or that the device's own register describes,"
        + " has no address; or where AMD's driver could not map one (error -12).";
  }

  @Override
  public String remedy() {
    return "Above 4G decoding in the firmware, or a larger 64-bit window in the device tree; boot"
        + " with pci=realloc=on; choose a smaller size where the BAR is resizable.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("nvrm.bar", "nvrm.init", "driver.owner", "gpu.bar1.size");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<PciDevice> devices = facts.pci().large();
    if (devices.isEmpty()) {
      return List.of(
          Finding.calm(id(), Verdict.NOT_APPLICABLE, "There is no GPU that was seen.", List.of()));
    }
    List<Finding> findings =
        Stream.concat(
                devices.stream().flatMap(device -> device(device, facts).stream()),
                Wording.AMDGPU_NO_MEMORY.in(facts.log()).limit(1).map(this::unmapped))
            .toList();
    return findings.isEmpty()
        ? List.of(Unread.of(id(), "What BARs the GPUs have", new Reading.Absent()))
        : findings;
  }

  private Finding unmapped(Hit hit) {
    return Finding.problem(
            id(),
            Verdict.FAIL,
            "AMD's driver gave up with error -12: it could not map a BAR of the card, which has no"
                + " usable address.",
            List.of(hit.line().evidence()),
            remedy(),
            "lspci -vv -s " + hit.match().group(1) + " | grep Region")
        .of(PciAddress.of(hit.match().group(1)).orElseThrow().toString());
  }

  /** Nothing where nothing is known of its BARs. */
  private List<Finding> device(PciDevice device, Facts facts) {
    List<Known<PciBar>> bars =
        device.bars().stream().filter(bar -> bar.value().kind() == PciBar.Kind.BAR).toList();
    List<Known<PciBar>> homeless =
        bars.stream().filter(bar -> bar.value().start().isEmpty()).toList();
    List<Integer> forgotten = forgotten(device, facts);
    if (homeless.isEmpty() && forgotten.isEmpty()) {
      return bars.isEmpty() ? List.of() : List.of(well(device, bars));
    }
    List<Evidence> evidence = new ArrayList<>(homeless.stream().map(Known::evidence).toList());
    forgotten.forEach(index -> evidence.add(line(resource(device), index, facts)));
    String names =
        Stream.concat(
                homeless.stream().map(bar -> bar.value().name() + size(bar.value())),
                forgotten.stream().map(index -> "BAR" + index))
            .collect(Collectors.joining(", "));
    return List.of(
        Finding.problem(
                id(),
                Verdict.FAIL,
                "%s of %s has no address: the driver cannot reach the card through it."
                    .formatted(names, device.address()),
                evidence,
                remedy(),
                "lspci -vv -s " + device.address() + " | grep Region")
            .of(device.address().toString()));
  }

  private static Evidence line(String file, int index, Facts facts) {
    List<String> lines =
        facts.box().read(file).content().map(Reading.Content::lines).orElse(List.of());
    return new Evidence(file, index + 1, index < lines.size() ? lines.get(index) : "");
  }

  private static String size(PciBar bar) {
    return bar.size() > 0 ? " (" + PciBar.bytes(bar.size()) + ")" : "";
  }

  private static String resource(PciDevice device) {
    return "sys/bus/pci/devices/" + device.address() + "/resource";
  }

  /** Wide BARs that the register describes and the kernel no longer does. */
  private static List<Integer> forgotten(PciDevice device, Facts facts) {
    if (facts.box().read(resource(device)).content().isEmpty()) {
      return List.of();
    }
    ConfigSpace space = device.configSpace().orElse(new ConfigSpace(new byte[0]));
    return IntStream.range(0, 6)
        .filter(index -> space.isWideBar(index) && !space.isGone())
        .filter(index -> index == 0 || !isUpperHalf(space, index))
        .filter(index -> device.bar(index).isEmpty())
        .boxed()
        .toList();
  }

  /** The register behind a wide BAR holds the upper half of its address. */
  private static boolean isUpperHalf(ConfigSpace space, int index) {
    int at = 0;
    while (at < index) {
      at += space.isWideBar(at) ? 2 : 1;
    }
    return at > index;
  }

  private Finding well(PciDevice device, List<Known<PciBar>> bars) {
    String names =
        bars.stream()
            .map(bar -> bar.value().name() + size(bar.value()))
            .collect(Collectors.joining(", "));
    return Finding.calm(
            id(),
            Verdict.OK,
            "%s has addresses for %s.".formatted(device.address(), names),
            bars.stream().map(Known::evidence).toList())
        .of(device.address().toString());
  }
}
