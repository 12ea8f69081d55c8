package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.IommuFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the IOMMU stopped accesses of devices. */
final class SmmuFaults implements Check {
  private static final int MOST = 8;

  @Override
  public String id() {
    return "smmu.faults";
  }

  @Override
  public String title() {
    return "the IOMMU stops no accesses of devices";
  }

  @Override
  public List<String> reads() {
    return List.of("dmesg.txt", "journal.txt");
  }

  @Override
  public String rule() {
    return "A failure for each stream of which an SMMU reports a context fault or an event, or that"
        + " it blocks as unknown; on PCs for each GPU of which DMAR or AMD-Vi reports a"
        + " fault, and a warning for other devices.";
  }

  @Override
  public String remedy() {
    return "Put the map from devices to streams right in the firmware (IORT) or the device tree"
        + " (iommu-map), or the device that the driver maps for. To confirm it, boot with"
        + " iommu.passthrough=1 (on PCs iommu=pt).";
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
    Map<String, List<IommuFault>> byStream = new LinkedHashMap<>();
    IommuFault.all(facts.log())
        .forEach(each -> byStream.computeIfAbsent(each.who(), _ -> new ArrayList<>()).add(each));
    if (byStream.isEmpty()) {
      return List.of(
          Finding.calm(id(), Verdict.OK, "The log has no fault of an IOMMU.", List.of()));
    }
    return byStream.values().stream().limit(MOST).map(each -> finding(each, facts)).toList();
  }

  private Finding finding(List<IommuFault> faults, Facts facts) {
    IommuFault first = faults.getFirst();
    boolean spared =
        first.device().isPresent()
            && !first.line().text().contains("arm-smmu")
            && facts.pci().gpus().stream()
                .noneMatch(gpu -> gpu.address().equals(first.device().get()));
    List<Evidence> evidence = faults.stream().limit(2).map(each -> each.line().evidence()).toList();
    String times = faults.size() == 1 ? "" : ", %d times".formatted(faults.size());
    Finding finding =
        Finding.problem(
            id(),
            spared ? Verdict.WARN : Verdict.FAIL,
            "%s %s%s: %s.".formatted(first.who(), first.what(), times, first.reason()),
            evidence,
            remedy(),
            "dmesg | grep -iE 'smmu|dmar|amd-vi'");
    return first.device().map(device -> finding.of(device.toString())).orElse(finding);
  }
}
