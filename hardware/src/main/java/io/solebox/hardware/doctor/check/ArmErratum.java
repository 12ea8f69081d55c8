package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.table.HostModel;
import java.util.List;
import java.util.Optional;

/** Whether the chip has a fault that GPUs meet. */
final class ArmErratum implements Check {
  @Override
  public String id() {
    return "arm.erratum";
  }

  @Override
  public String title() {
    return "the chip has no fault that GPUs meet";
  }

  @Override
  public List<String> reads() {
    return List.of("sys/class/dmi/id/*", "proc/device-tree/compatible", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A warning on Ampere Altra, whose erratum 82288 (PCIE_65) can send write-combined writes"
        + " of the CPU to wrong addresses of a device, unless the kernel says that it works"
        + " around it.";
  }

  @Override
  public String remedy() {
    return "A kernel of a vendor that carries the patches; they are not in mainline.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Optional<Known<HostModel>> model = facts.host().model();
    Optional<HostModel.Erratum> erratum = model.flatMap(known -> known.value().erratum());
    if (erratum.isEmpty()) {
      boolean known =
          model.isPresent()
              || facts.host().architecture().map(Known::value).filter("x86_64"::equals).isPresent();
      return List.of(
          known
              ? Finding.calm(id(), Verdict.OK, "None is known of this machine.", List.of())
              : Unread.of(id(), "What chip this is", new Reading.Absent()));
    }
    Optional<Hit> patched = Wording.ERRATUM_82288.in(facts.log()).findFirst();
    if (patched.isPresent()) {
      return List.of(
          Finding.calm(
              id(),
              Verdict.OK,
              "The kernel works around erratum 82288.",
              List.of(patched.get().line().evidence())));
    }
    return List.of(
        Finding.problem(
            id(),
            Verdict.WARN,
            "%s has erratum %s."
                .formatted(model.orElseThrow().value().name(), erratum.get().words()),
            List.of(model.orElseThrow().evidence()),
            erratum.get().remedy(),
            "dmesg | grep 82288"));
  }
}
