package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.HostWindow;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Need;
import io.solebox.hardware.doctor.facts.WindowNeed;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.table.HostModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the host hands on a window in which a GPU's memory has room. */
final class HostWindowRoom implements Check {
  private static final long GIB = 1L << 30;

  /** A card with 24 GiB and more does not fit into less. */
  private static final long SCARCE = 32 * GIB;

  @Override
  public String id() {
    return "host.window";
  }

  @Override
  public String title() {
    return "the host has a window for the GPU's BARs";
  }

  @Override
  public List<String> reads() {
    return List.of("dmesg.txt", "proc/iomem", "proc/device-tree/compatible", "sys/class/dmi/id/*");
  }

  @Override
  public String rule() {
    return "A failure where no window of the host bridge has room for the prefetchable BARs of a"
        + " GPU together, at the alignment they need: a BAR1 of 32 GiB with a BAR3 of 32 MiB"
        + " needs 48 GiB aligned to 16 GiB.";
  }

  @Override
  public String remedy() {
    return "A larger window above 4 GiB: Above 4G decoding in the firmware, firmware or a DSDT"
        + " whose window ends higher, less installed memory where that pushes it up, or the"
        + " device tree's ranges.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("gpu.bar.nospace", "bridge.window", "gpu.bar.assigned", "nvrm.bar", "nvrm.init");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<HostWindow> windows = facts.pci().hostWindows();
    Optional<Known<HostModel>> model = facts.host().model();
    if (windows.isEmpty()) {
      return List.of(
          model
              .filter(known -> known.value().windowSays().isPresent())
              .map(this::known)
              .orElseGet(
                  () -> Unread.of(id(), "What the host bridges hand on", new Reading.Absent())));
    }
    List<Finding> failures =
        Need.all(facts.pci()).stream()
            .filter(need -> !need.isPlaced())
            .filter(need -> !need.window().fitsOneOf(of(need, windows)))
            .map(need -> failure(need, of(need, windows), facts))
            .toList();
    return failures.isEmpty() ? List.of(well(facts, windows, model)) : failures;
  }

  private static List<HostWindow> of(Need need, List<HostWindow> windows) {
    return windows.stream().filter(need::mayLieIn).toList();
  }

  private Finding failure(Need need, List<HostWindow> windows, Facts facts) {
    List<HostWindow> high = windows.stream().filter(HostWindow::isHigh).toList();
    List<Evidence> evidence = new ArrayList<>(need.evidence());
    windows.forEach(each -> evidence.add(each.line().evidence()));
    String all =
        windows.isEmpty()
            ? "it has none"
            : windows.stream().map(HostWindow::toString).collect(Collectors.joining(", "));
    Finding finding =
        Finding.problem(
            id(),
            Verdict.FAIL,
            "%s needs %s %s, and no window of its host bridge has such a place: %s. %s"
                .formatted(need.asker(), need.window(), where(need), all, why(need, high, facts)),
            evidence,
            remedy(high, facts),
            "dmesg | grep 'root bus resource'");
    return need.device().map(device -> finding.of(device.toString())).orElse(finding);
  }

  private static String where(Need need) {
    return need.low() ? "below 4 GiB" : "for prefetchable BARs";
  }

  private static String why(Need asked, List<HostWindow> high, Facts facts) {
    WindowNeed need = asked.window();
    if (asked.low()) {
      return "All devices share what lies below 4 GiB.";
    }
    if (high.isEmpty()) {
      return "None of them lies above 4 GiB, and below there is never room for it.";
    }
    HostWindow largest = high.stream().reduce((a, b) -> a.size() >= b.size() ? a : b).orElseThrow();
    long first = largest.firstMultiple(need.alignment());
    String remains =
        largest.end() > first
            ? "from the first multiple of %s in it, %s, only %s remain"
                .formatted(
                    PciBar.bytes(need.alignment()),
                    PciBar.bytes(first),
                    PciBar.bytes(largest.end() + 1 - first))
            : "there is no multiple of %s in it".formatted(PciBar.bytes(need.alignment()));
    return "The largest begins at %s%s, and %s."
        .formatted(
            PciBar.bytes(largest.start()),
            isPc(largest, facts) ? ", where the installed memory ends" : "",
            remains);
  }

  /** On a PC the window begins where memory ends; a system on a chip has it at a fixed place. */
  private static boolean isPc(HostWindow window, Facts facts) {
    return !facts.host().architecture().map(Known::value).equals(Optional.of("aarch64"))
        && window.line().text().contains(" window]");
  }

  private String remedy(List<HostWindow> high, Facts facts) {
    if (facts.host().hasDeviceTree()) {
      return "A card whose BARs fit, or one that can be set to a small BAR (display mode, resizable"
          + " BAR at 256 MiB); a device tree whose ranges are larger, where the chip can"
          + " have them: "
          + facts.host().model().orElseThrow().value().windowSays().orElse("it is not known")
          + ".";
    }
    return high.isEmpty()
        ? "Switch on Above 4G decoding (and off CSM) in the firmware; on a board with a device"
            + " tree, give its host bridge a 64-bit prefetchable range."
        : "Above 4G decoding is on already. Take out memory, so that the window begins lower, or"
            + " use firmware or a DSDT whose window ends higher (above 64 GiB).";
  }

  private Finding known(Known<HostModel> model) {
    return Finding.calm(id(), Verdict.INFO, says(model.value()), List.of(model.evidence()));
  }

  private static String says(HostModel model) {
    return model.name() + " has " + model.windowSays().orElseThrow() + ".";
  }

  private Finding well(Facts facts, List<HostWindow> windows, Optional<Known<HostModel>> model) {
    List<Evidence> evidence = windows.stream().map(each -> each.line().evidence()).toList();
    String all = windows.stream().map(HostWindow::toString).collect(Collectors.joining(", "));
    boolean scarce =
        model
            .filter(
                known ->
                    known.value().windowSays().isPresent()
                        && known.value().windowBytes().orElse(Long.MAX_VALUE) < SCARCE)
            .isPresent();
    if (scarce) {
      String message = says(model.orElseThrow().value()) + " It hands on " + all + ".";
      return Finding.calm(id(), Verdict.INFO, message, evidence);
    }
    String needs =
        Need.all(facts.pci()).stream()
            .map(need -> need.asker() + " needs " + need.window())
            .collect(Collectors.joining(", "));
    String message =
        needs.isEmpty()
            ? "The host hands on %s. What the GPUs need is not known.".formatted(all)
            : "The host hands on %s; %s.".formatted(all, needs);
    return Finding.calm(id(), needs.isEmpty() ? Verdict.INFO : Verdict.OK, message, evidence);
  }
}
