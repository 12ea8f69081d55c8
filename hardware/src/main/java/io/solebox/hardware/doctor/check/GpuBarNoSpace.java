package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.BarHistory;
import io.solebox.hardware.doctor.facts.BarHistory.Outcome;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.HostWindow;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Pci;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciBar.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the kernel found no room for what a GPU needs. */
final class GpuBarNoSpace implements Check {
  /** A window that is smaller holds no BAR for a GPU's memory; hot-plug bridges ask for such. */
  private static final long SMALL_WINDOW = 64L << 20;

  @Override
  public String id() {
    return "gpu.bar.nospace";
  }

  @Override
  public String title() {
    return "the kernel found room for the GPU's BARs";
  }

  @Override
  public List<String> reads() {
    return List.of("dmesg.txt", "journal.txt");
  }

  @Override
  public String rule() {
    return "A failure where the last word about a BAR of a GPU, or of a device with a BAR of 1 GiB"
        + " and more, or about a window above one, is that there is no space. BARs of"
        + " virtual functions (SR-IOV), ROMs and ports are no failure, and neither is what a"
        + " driver asked for in vain when it wanted a larger BAR than the one it has.";
  }

  @Override
  public String remedy() {
    return "Give PCI a larger window above 4 GiB: Above 4G decoding in the firmware, or the device"
        + " tree's ranges; boot with pci=realloc=on; choose a smaller size where the BAR is"
        + " resizable.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("gpu.bar.assigned", "nvrm.bar", "nvrm.init");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    if (facts.log().lines().isEmpty()) {
      return List.of(Unread.log(id(), facts));
    }
    Pci pci = facts.pci();
    List<BarHistory> lost =
        BarHistory.all(pci).stream().filter(each -> each.outcome() == Outcome.LOST).toList();
    Map<PciAddress, List<BarHistory>> bad = new TreeMap<>();
    lost.stream()
        .filter(each -> matters(each, pci))
        .forEach(each -> bad.computeIfAbsent(each.device(), _ -> new ArrayList<>()).add(each));
    List<Finding> failures = bad.values().stream().map(each -> failure(each, facts)).toList();
    return failures.isEmpty() ? List.of(well(lost, pci)) : failures;
  }

  private static boolean matters(BarHistory lost, Pci pci) {
    return switch (lost.bar().kind()) {
      case BAR -> pci.large().stream().anyMatch(device -> device.address().equals(lost.device()));
      case WINDOW, PREFETCHABLE_WINDOW -> holdsGpu(lost, pci);
      case ROM, VF_BAR, IO -> false;
    };
  }

  private static boolean holdsGpu(BarHistory lost, Pci pci) {
    if (lost.bar().size() < SMALL_WINDOW) {
      return false;
    }
    List<PciDevice> large = largeBelow(lost.device(), pci);
    boolean allPlaced =
        !large.isEmpty()
            && large.stream().allMatch(device -> !bars(device).isEmpty() && isPlaced(device));
    return !allPlaced && (!large.isEmpty() || lost.bar().size() >= 256L << 20);
  }

  private static List<PciDevice> largeBelow(PciAddress bridge, Pci pci) {
    List<PciDevice> below = pci.device(bridge).map(pci::below).orElse(List.of());
    return pci.large().stream().filter(below::contains).toList();
  }

  private static List<PciBar> bars(PciDevice device) {
    return device.bars().stream().map(Known::value).filter(bar -> bar.kind() == Kind.BAR).toList();
  }

  private static boolean isPlaced(PciDevice device) {
    return bars(device).stream().allMatch(bar -> bar.start().isPresent());
  }

  /**
   * @param lost all of one device
   */
  private Finding failure(List<BarHistory> lost, Facts facts) {
    PciAddress device = lost.getFirst().device();
    boolean window = lost.getFirst().bar().kind() != Kind.BAR;
    String names =
        lost.stream()
            .map(each -> each.bar().name() + " (" + PciBar.bytes(each.bar().size()) + ")")
            .collect(Collectors.joining(", "));
    String message =
        window
            ? "There is no space for what the bridge %s asks for, %s: %s."
            : "There is no space for what %s asks for, %s: %s.";
    Finding finding =
        Finding.problem(
            id(),
            Verdict.FAIL,
            message.formatted(device, names, windows(device, facts.pci())),
            evidence(lost, facts.pci()),
            remedy(lost, facts),
            "dmesg | grep -E 'no space|failed to assign'");
    List<PciDevice> large = window ? largeBelow(device, facts.pci()) : List.of();
    return finding.of(
        large.size() == 1 ? large.getFirst().address().toString() : device.toString());
  }

  private static List<HostWindow> windowsOf(PciAddress device, Pci pci) {
    return pci.hostWindows().stream().filter(each -> each.domain() == device.domain()).toList();
  }

  private static String windows(PciAddress device, Pci pci) {
    List<HostWindow> all = windowsOf(device, pci);
    return all.isEmpty()
        ? "the windows of its host bridge are not in the log"
        : "its host bridge has "
            + all.stream().map(HostWindow::toString).collect(Collectors.joining(" and "));
  }

  private static List<Evidence> evidence(List<BarHistory> lost, Pci pci) {
    List<Evidence> all = new ArrayList<>();
    lost.forEach(each -> all.addAll(each.evidence()));
    windowsOf(lost.getFirst().device(), pci).forEach(each -> all.add(each.line().evidence()));
    return all;
  }

  private String remedy(List<BarHistory> lost, Facts facts) {
    boolean high =
        windowsOf(lost.getFirst().device(), facts.pci()).stream().anyMatch(HostWindow::isHigh);
    boolean low = lost.stream().noneMatch(each -> each.bar().prefetchable());
    if (low && lost.stream().allMatch(each -> each.bar().size() < SMALL_WINDOW)) {
      return "These must lie below 4 GiB: take out or switch off devices that need room there, or"
          + " enlarge that window in the firmware or the device tree; boot with pci=realloc=on.";
    }
    if (facts.host().hasDeviceTree()) {
      return "Give the host bridge larger ranges in the device tree, where the chip can have them"
          + " (host.window); boot with pci=realloc=on; choose a smaller size where the BAR is"
          + " resizable.";
    }
    return high
        ? "Above 4G decoding is on already, since there is a window above 4 GiB. "
            + "Enlarge that window (firmware, DSDT) or let it begin lower; boot with"
            + " pci=realloc=on; choose a smaller size where the BAR is resizable."
        : remedy();
  }

  private Finding well(List<BarHistory> lost, Pci pci) {
    List<BarHistory> refused =
        BarHistory.all(pci).stream()
            .filter(each -> each.outcome() == Outcome.RESIZE_REFUSED)
            .toList();
    if (!refused.isEmpty()) {
      return Finding.calm(
          id(), Verdict.INFO, refusal(refused.getFirst()), refused.getFirst().evidence());
    }
    if (lost.isEmpty()) {
      return Finding.calm(id(), Verdict.OK, "The log knows of no BAR without room.", List.of());
    }
    String names =
        lost.stream()
            .map(each -> each.bar().name() + " of " + each.device())
            .distinct()
            .collect(Collectors.joining(", "));
    String why =
        lost.stream().allMatch(each -> each.bar().kind() == Kind.VF_BAR)
            ? "virtual functions (SR-IOV) alone would need it"
            : "no GPU needs it";
    return Finding.calm(
        id(),
        Verdict.OK,
        "Every GPU has room. There is none for %s, which does no harm: %s.".formatted(names, why),
        lost.getFirst().evidence());
  }

  private static String refusal(BarHistory refused) {
    Optional<PciBar> before = refused.before();
    return "A driver asked for %s in place of %s for the %s of %s and was refused; it works on with what it had."
        .formatted(
            PciBar.bytes(refused.bar().size()),
            before.map(bar -> PciBar.bytes(bar.size())).orElse("less"),
            refused.bar().name(),
            refused.device());
  }
}
