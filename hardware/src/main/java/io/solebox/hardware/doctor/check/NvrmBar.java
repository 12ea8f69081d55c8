package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.HostWindow;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.pci.PciAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether NVIDIA's driver found usable BARs. */
final class NvrmBar implements Check {
  @Override
  public String id() {
    return "nvrm.bar";
  }

  @Override
  public String title() {
    return "NVIDIA's driver takes the card's BARs";
  }

  @Override
  public List<String> reads() {
    return List.of("dmesg.txt", "journal.txt");
  }

  @Override
  public String rule() {
    return "A failure where the driver says that a region assigned to the device is invalid, that"
        + " BARn is 0M @ 0x0, or that the bridge above has no window for a BAR above 4 GiB.";
  }

  @Override
  public String remedy() {
    return "Above 4G decoding in the firmware; boot with pci=realloc=on; and what gpu.bar.nospace"
        + " and host.window say.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("nvrm.init");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    if (facts.log().lines().isEmpty()) {
      return List.of(Unread.log(id(), facts));
    }
    Map<String, List<Hit>> byDevice =
        Wording.NVRM_BAR
            .in(facts.log())
            .collect(
                Collectors.groupingBy(
                    hit -> address(hit).orElse(""), TreeMap::new, Collectors.toList()));
    if (byDevice.isEmpty()) {
      return List.of(withoutBars(facts));
    }
    return byDevice.entrySet().stream()
        .map(each -> invalid(each.getKey(), each.getValue(), facts))
        .toList();
  }

  private static Optional<String> address(Hit hit) {
    return Optional.ofNullable(hit.match().group(4))
        .flatMap(PciAddress::of)
        .map(PciAddress::toString);
  }

  private Finding withoutBars(Facts facts) {
    Optional<Hit> said =
        Stream.of(Wording.NVRM_BRIDGE, Wording.NVRM_BAR_INVALID)
            .flatMap(wording -> wording.in(facts.log()))
            .findFirst();
    return said.map(hit -> complaint(hit, facts))
        .orElseGet(
            () ->
                Finding.calm(id(), Verdict.OK, "NVIDIA's driver complains of no BAR.", List.of()));
  }

  private Finding complaint(Hit hit, Facts facts) {
    return Finding.problem(
        id(),
        Verdict.FAIL,
        "NVIDIA's driver refuses the addresses of a BAR: \"" + hit.line().text().strip() + "\".",
        List.of(hit.line().evidence()),
        remedy(facts),
        "dmesg | grep NVRM");
  }

  private Finding invalid(String device, List<Hit> hits, Facts facts) {
    String bars =
        hits.stream()
            .map(
                hit ->
                    "BAR%s is %sM @ %s"
                        .formatted(
                            hit.match().group(1), hit.match().group(2), hit.match().group(3)))
            .distinct()
            .collect(Collectors.joining(", "));
    List<Evidence> evidence = hits.stream().limit(2).map(hit -> hit.line().evidence()).toList();
    Finding finding =
        Finding.problem(
            id(),
            Verdict.FAIL,
            "NVIDIA's driver finds no usable address for the GPU%s: %s."
                .formatted(device.isEmpty() ? "" : " at " + device, bars),
            evidence,
            remedy(facts),
            "dmesg | grep NVRM");
    return device.isEmpty() ? finding : finding.of(device);
  }

  private String remedy(Facts facts) {
    return facts.pci().hostWindows().stream().anyMatch(HostWindow::isHigh)
        ? "Above 4G decoding is on already, since there is a window above 4 GiB: enlarge it or let"
            + " it begin lower, as host.window says; boot with pci=realloc=on."
        : remedy();
  }
}
