package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciBar.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Whether bridges hand on the addresses of the GPUs behind them. */
final class BridgeWindow implements Check {
  @Override
  public String id() {
    return "bridge.window";
  }

  @Override
  public String title() {
    return "bridges hand on the GPU's addresses";
  }

  @Override
  public List<String> reads() {
    return List.of("sys/bus/pci/devices/*/resource", "lspci-v*.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where a bridge above a GPU has no window for prefetchable memory, or one that"
        + " is smaller than the GPU's BARs or does not contain them.";
  }

  @Override
  public String remedy() {
    return "Boot with pci=realloc=on, so that the kernel sizes bridges anew; a hot-plug bridge"
        + " takes pci=hpmmioprefsize=SIZE; otherwise newer firmware, or another slot.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("gpu.bar.nospace", "gpu.bar.assigned", "nvrm.bar", "nvrm.init");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Finding> findings = new ArrayList<>();
    boolean compared = false;
    for (PciDevice device : facts.pci().large()) {
      List<Known<PciBar>> bars = bars(device);
      if (!bars.isEmpty()) {
        for (PciDevice bridge : facts.pci().above(device.address())) {
          compared |= isKnown(bridge);
          against(bridge, device, bars).ifPresent(findings::add);
        }
      }
    }
    if (!findings.isEmpty()) {
      return findings;
    }
    if (compared) {
      return List.of(
          Finding.calm(
              id(), Verdict.OK, "Every bridge above a GPU hands on its addresses.", List.of()));
    }
    return List.of(Unread.of(id(), "What bridges hand on to GPUs", new Reading.Absent()));
  }

  /** Those that may lie above 4 GiB and are not small. */
  private static List<Known<PciBar>> bars(PciDevice device) {
    return device.bars().stream()
        .filter(bar -> bar.value().kind() == Kind.BAR && bar.value().prefetchable())
        .filter(bar -> bar.value().size() > 0)
        .toList();
  }

  private static boolean isKnown(PciDevice bridge) {
    return bridge.bars().stream()
        .anyMatch(
            bar ->
                bar.value().kind() == Kind.WINDOW
                    || bar.value().kind() == Kind.PREFETCHABLE_WINDOW);
  }

  private Optional<Finding> against(PciDevice bridge, PciDevice device, List<Known<PciBar>> bars) {
    if (!isKnown(bridge)) {
      return Optional.empty();
    }
    long needed = bars.stream().mapToLong(bar -> bar.value().size()).sum();
    Optional<Known<PciBar>> window =
        bridge.prefetchableWindow().filter(each -> each.value().start().isPresent());
    boolean placed = bars.stream().allMatch(bar -> isHandedOn(bar.value(), bridge));
    if (placed) {
      return Optional.empty();
    }
    String what =
        window
            .map(
                each ->
                    each.value().size() < needed
                        ? "hands on only " + PciBar.bytes(each.value().size())
                        : "hands on other addresses")
            .orElse("hands on no prefetchable memory");
    if (window.isPresent()
        && window.get().value().size() >= needed
        && bars.stream().anyMatch(bar -> bar.value().start().isEmpty())) {
      return Optional.empty(); // it has room, and something else is wrong
    }
    List<Evidence> evidence = new ArrayList<>();
    window.ifPresent(each -> evidence.add(each.evidence()));
    bars.forEach(bar -> evidence.add(bar.evidence()));
    return Optional.of(
        Finding.problem(
                id(),
                Verdict.FAIL,
                "The bridge %s above %s %s, and the prefetchable BARs behind it are %s."
                    .formatted(bridge.address(), device.address(), what, PciBar.bytes(needed)),
                evidence,
                remedy(),
                "lspci -vv -s " + bridge.address() + " | grep behind")
            .of(device.address().toString()));
  }

  private static boolean isHandedOn(PciBar bar, PciDevice bridge) {
    OptionalLong start = bar.start();
    OptionalLong end = bar.end();
    return start.isPresent()
        && end.isPresent()
        && bridge.bars().stream()
            .map(Known::value)
            .filter(each -> each.kind() == Kind.WINDOW || each.kind() == Kind.PREFETCHABLE_WINDOW)
            .filter(each -> each.start().isPresent() && each.end().isPresent())
            .anyMatch(
                window ->
                    window.start().getAsLong() <= start.getAsLong()
                        && end.getAsLong() <= window.end().getAsLong());
  }
}
