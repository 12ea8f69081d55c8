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
import java.util.Optional;
import java.util.Set;
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
    List<Finding> failures =
        lost.stream().filter(each -> matters(each, pci)).map(each -> failure(each, pci)).toList();
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

  private Finding failure(BarHistory lost, Pci pci) {
    boolean window = lost.bar().kind() != Kind.BAR;
    String message =
        window
            ? "The bridge %s asks for a %s of %s, and there is no space for it: %s."
                .formatted(
                    lost.device(),
                    lost.bar().name(),
                    PciBar.bytes(lost.bar().size()),
                    windows(lost, pci))
            : "%s of %s asks for %s, and there is no space for it: %s."
                .formatted(
                    lost.bar().name(),
                    lost.device(),
                    PciBar.bytes(lost.bar().size()),
                    windows(lost, pci));
    Finding finding =
        Finding.problem(
            id(),
            Verdict.FAIL,
            message,
            evidence(lost, pci),
            remedy(lost, pci),
            "dmesg | grep -E 'no space|failed to assign'");
    List<PciDevice> large = window ? largeBelow(lost.device(), pci) : List.of();
    return finding.of(
        large.size() == 1 ? large.getFirst().address().toString() : lost.device().toString());
  }

  private static List<HostWindow> windowsOf(PciAddress device, Pci pci) {
    return pci.hostWindows().stream().filter(each -> each.domain() == device.domain()).toList();
  }

  private static String windows(BarHistory lost, Pci pci) {
    List<HostWindow> all = windowsOf(lost.device(), pci);
    return all.isEmpty()
        ? "the windows of its host bridge are not in the log"
        : "its host bridge has "
            + all.stream().map(HostWindow::toString).collect(Collectors.joining(" and "));
  }

  private static List<Evidence> evidence(BarHistory lost, Pci pci) {
    List<Evidence> all = new ArrayList<>(lost.evidence());
    windowsOf(lost.device(), pci).forEach(each -> all.add(each.line().evidence()));
    return all;
  }

  private String remedy(BarHistory lost, Pci pci) {
    boolean high = windowsOf(lost.device(), pci).stream().anyMatch(HostWindow::isHigh);
    if (!lost.bar().prefetchable() && lost.bar().size() < SMALL_WINDOW) {
      return "This one must lie below 4 GiB: take out or switch off devices that need room there,"
          + " or enlarge that window in the firmware or the device tree; boot with"
          + " pci=realloc=on.";
    }
    return high
        ? "Above 4G decoding is on already, since there is a window above 4 GiB. "
            + "Enlarge that window (firmware, DSDT, or the device tree's ranges) or let it begin"
            + " lower; boot with pci=realloc=on; choose a smaller size where the BAR is resizable."
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
