package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.facts.BarHistory.Outcome;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciBar.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What somebody needs of a host's windows.
 *
 * @param asker a GPU, or the bridge above one that asked for it
 * @param device the GPU, where it is clear which
 * @param window what it needs
 * @param low whether it must lie below 4 GiB, as BARs must that are not prefetchable
 * @param isPlaced whether it has got it
 * @param evidence where that was read
 */
public record Need(
    PciAddress asker,
    Optional<PciAddress> device,
    WindowNeed window,
    boolean low,
    boolean isPlaced,
    List<Evidence> evidence) {
  /** A BAR that is smaller fits everywhere. */
  private static final long SMALL = 64L << 20;

  public Need {
    evidence = List.copyOf(evidence);
  }

  /** Of all GPUs and the like whose sizes are known, and of bridges that got nothing. */
  public static List<Need> all(Pci pci) {
    List<Need> needs = new ArrayList<>();
    for (PciDevice device : pci.large()) {
      List<Known<PciBar>> high = bars(device, true);
      if (high.stream().anyMatch(bar -> bar.value().size() >= SMALL)) {
        needs.add(of(device, high, false));
      }
      List<Known<PciBar>> low = bars(device, false);
      if (!low.isEmpty()) {
        needs.add(of(device, low, true));
      }
    }
    BarHistory.all(pci).stream()
        .filter(each -> each.outcome() == Outcome.LOST)
        .filter(each -> each.bar().kind() == Kind.PREFETCHABLE_WINDOW)
        .filter(each -> each.bar().size() >= SMALL)
        .filter(each -> needs.stream().noneMatch(need -> isBelow(need.asker(), each, pci)))
        .forEach(each -> needs.add(of(each, pci)));
    pci.gpus().stream()
        .filter(gpu -> pci.above(gpu.address()).stream().noneMatch(port -> asks(port, needs)))
        .flatMap(gpu -> byTable(gpu).stream())
        .forEach(needs::add);
    return List.copyOf(needs);
  }

  private static boolean asks(PciDevice device, List<Need> needs) {
    return needs.stream().anyMatch(need -> need.asker().equals(device.address()));
  }

  /** Of a card whose BARs nobody tells of: BAR1 as such cards have it at least. */
  private static Optional<Need> byTable(Gpu gpu) {
    boolean told =
        gpu.pci().bars().stream().anyMatch(bar -> bar.value().kind() == Kind.BAR)
            || gpu.smi().isPresent();
    return gpu.card()
        .filter(card -> !told && !card.bar1Mib().isEmpty())
        .map(card -> Collections.min(card.bar1Mib()) * 1L << 20)
        .map(
            bytes ->
                new Need(
                    gpu.address(),
                    Optional.of(gpu.address()),
                    WindowNeed.of(List.of(bytes)),
                    false,
                    false,
                    gpu.pci().seen()));
  }

  private static boolean isBelow(PciAddress device, BarHistory bridge, Pci pci) {
    return pci.above(device).stream().anyMatch(each -> each.address().equals(bridge.device()));
  }

  private static List<Known<PciBar>> bars(PciDevice device, boolean prefetchable) {
    return device.bars().stream()
        .filter(bar -> bar.value().kind() == Kind.BAR && bar.value().size() > 0)
        .filter(bar -> bar.value().prefetchable() == prefetchable)
        .toList();
  }

  /** Whether a window of a host is of the kind that it needs. */
  public boolean mayLieIn(HostWindow host) {
    return asker.domain() == host.domain() && !(low && host.isHigh());
  }

  private static Need of(PciDevice device, List<Known<PciBar>> bars, boolean low) {
    return new Need(
        device.address(),
        Optional.of(device.address()),
        WindowNeed.of(bars.stream().map(bar -> bar.value().size()).toList()),
        low,
        bars.stream().allMatch(bar -> bar.value().start().isPresent()),
        bars.stream().map(Known::evidence).toList());
  }

  private static Need of(BarHistory lost, Pci pci) {
    List<PciDevice> below = pci.device(lost.device()).map(pci::below).orElse(List.of());
    List<PciAddress> gpus =
        below.stream().filter(PciDevice::isGpu).map(PciDevice::address).toList();
    return new Need(
        lost.device(),
        gpus.size() == 1 ? Optional.of(gpus.getFirst()) : Optional.empty(),
        WindowNeed.asked(lost.bar().size()),
        false,
        false,
        lost.evidence());
  }
}
