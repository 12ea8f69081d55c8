package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.EarlierLook;
import io.solebox.hardware.doctor.facts.ErrorCount;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.LatchedErrors;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Errors of links to GPUs that the kernel has not reported: what devices' registers hold, and
 * packets that GPUs had to send again.
 *
 * @param check whose part it is
 */
record UnreportedErrors(Aer check) {
  private static final String VERIFY = "lspci -vvv | grep -E 'UESta|CESta'";

  /**
   * @param reported devices of which the kernel has reported some
   */
  List<Finding> examine(Facts facts, Set<PciAddress> reported) {
    List<Finding> findings = new ArrayList<>();
    for (PciDevice device : facts.pci().devices()) {
      if (!reported.contains(device.address())) {
        LatchedErrors.of(device).ifPresent(errors -> findings.add(latched(errors, facts)));
      }
    }
    ErrorCount.all(facts.box(), facts.pci())
        .forEach((device, counts) -> replays(device, counts, facts).ifPresent(findings::add));
    return findings;
  }

  private Finding latched(LatchedErrors errors, Facts facts) {
    boolean fatal = !errors.uncorrected().isEmpty();
    String message =
        "%s: its registers hold %s, which the kernel has not reported (%s)."
            .formatted(
                errors.device(),
                fatal ? "fatal errors" : "corrected errors",
                String.join(", ", fatal ? errors.uncorrected() : errors.corrected()));
    if (!fatal || !Aer.leadsToGpu(errors.device(), facts)) {
      return Finding.calm(check.id(), Verdict.INFO, message, List.of(errors.evidence()))
          .of(errors.device().toString());
    }
    Finding finding =
        Finding.problem(
            check.id(),
            Verdict.WARN,
            message,
            List.of(errors.evidence()),
            check.remedy() + " Boot without pci=noaer, so that the kernel reports them.",
            VERIFY);
    return Aer.behind(errors.device(), facts).map(finding::of).orElse(finding);
  }

  private Optional<Finding> replays(PciAddress device, Map<ErrorCount, Long> counts, Facts facts) {
    Long now = counts.get(ErrorCount.REPLAYS);
    Optional<EarlierLook> look = EarlierLook.of(facts.box());
    if (now == null || look.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong risen = look.get().risen(device, ErrorCount.REPLAYS, now);
    if (risen.isEmpty() || risen.getAsLong() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.problem(
                check.id(),
                Verdict.WARN,
                "%s had to send %d packets again since %s."
                    .formatted(device, risen.getAsLong(), look.get().words()),
                List.of(EarlierLook.evidence(ErrorCount.REPLAYS, now - risen.getAsLong())),
                check.remedy(),
                "nvidia-smi -q | grep -i replay")
            .of(device.toString()));
  }
}
