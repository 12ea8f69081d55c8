package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Whether NVIDIA's driver could start each GPU. */
final class NvrmInit implements Check {
  /** What a proprietary module says that has met a Blackwell. */
  private static final String CLOSED_ON_BLACKWELL = "0x62:0x1a:2631";

  @Override
  public String id() {
    return "nvrm.init";
  }

  @Override
  public String title() {
    return "the driver starts the GPU";
  }

  @Override
  public List<String> reads() {
    return List.of("dmesg.txt", "journal.txt");
  }

  @Override
  public String rule() {
    return "A failure where the driver says \"RmInitAdapter failed! (a:b:c)\", which are its"
        + " component, status and line, or that the firmware of the GPU System Processor"
        + " (GSP) could not be loaded or started.";
  }

  @Override
  public String remedy() {
    return "Power the machine off and on, so that the GPU is reset; see that driver, firmware and"
        + " kernel module are of one version, and that the card's power is connected.";
  }

  private record Failure(Set<String> codes, List<Evidence> evidence, List<Boolean> firmware) {
    Failure() {
      this(new LinkedHashSet<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Map<String, Failure> failures = new TreeMap<>();
    Wording.RM_INIT_ADAPTER
        .in(facts.log())
        .forEach(
            hit -> {
              Failure failure = failures.computeIfAbsent(device(hit), _ -> new Failure());
              failure.evidence().add(hit.line().evidence());
              failure.codes().add(hit.match().group(2));
            });
    Wording.GSP_FIRMWARE
        .in(facts.log())
        .forEach(
            hit -> {
              Failure failure =
                  failures.computeIfAbsent(firmwareOf(facts, hit), _ -> new Failure());
              failure.evidence().add(hit.line().evidence());
              failure.firmware().add(true);
            });
    if (failures.isEmpty()) {
      return List.of(
          facts.log().lines().isEmpty()
              ? Unread.log(id(), facts)
              : Finding.calm(
                  id(),
                  Verdict.OK,
                  "The driver says of no GPU that it could not start.",
                  List.of()));
    }
    List<Finding> findings = new ArrayList<>();
    failures.forEach((device, failure) -> findings.add(failed(facts, device, failure)));
    return findings;
  }

  private static String device(Hit hit) {
    return Optional.ofNullable(hit.match().group(1))
        .flatMap(PciAddress::of)
        .map(Object::toString)
        .orElse("");
  }

  /** Where the driver does not say it, the GPU that fails next. */
  private static String firmwareOf(Facts facts, Hit firmware) {
    String said = device(firmware);
    return said.isEmpty()
        ? Wording.RM_INIT_ADAPTER
            .in(facts.log())
            .filter(hit -> hit.line().file().equals(firmware.line().file()))
            .filter(hit -> hit.line().number() > firmware.line().number())
            .findFirst()
            .map(NvrmInit::device)
            .orElse("")
        : said;
  }

  private Finding failed(Facts facts, String device, Failure failure) {
    String name = PciAddress.of(device).map(address -> Nvidia.name(facts, address)).orElse("A GPU");
    String codes =
        failure.codes().isEmpty()
            ? ""
            : ": RmInitAdapter failed (" + String.join("), (", failure.codes()) + ")";
    String firmware =
        failure.firmware().isEmpty()
            ? ""
            : "; the firmware of its GPU System Processor (GSP) could not be loaded or started";
    Finding finding =
        Finding.problem(
            id(),
            Verdict.FAIL,
            name + " could not be started by the driver" + codes + firmware + ".",
            failure.evidence().stream().limit(5).toList(),
            remedy(failure),
            "nvidia-smi -L && dmesg | grep -c 'RmInitAdapter failed'");
    return device.isEmpty() ? finding : finding.of(device);
  }

  private String remedy(Failure failure) {
    if (failure.codes().contains(CLOSED_ON_BLACKWELL)) {
      return "If it is a Blackwell, install the open flavour of the driver: the proprietary one"
          + " ends with this code there.";
    }
    return failure.firmware().isEmpty()
        ? remedy()
        : "See that /lib/firmware/nvidia holds the firmware of exactly the driver's version"
            + " (install the driver again), then power the machine off and on; a warm reboot"
            + " leaves the GPU's memory as it is.";
  }
}
