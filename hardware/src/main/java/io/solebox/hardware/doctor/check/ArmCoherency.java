package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.table.HostModel;
import java.util.List;
import java.util.Optional;

/** Whether devices see the caches of the CPU. */
final class ArmCoherency implements Check {
  @Override
  public String id() {
    return "arm.coherency";
  }

  @Override
  public String title() {
    return "devices see the caches of the CPU";
  }

  @Override
  public List<String> reads() {
    return List.of("proc/device-tree/compatible", "sys/class/dmi/id/*", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A warning for a GPU of NVIDIA's on a system on a chip that the table knows not to be"
        + " coherent (RK3588, BCM2712, BCM2711).";
  }

  @Override
  public String remedy() {
    return "Build NVIDIA's open module with the patches of open-gpu-kernel-modules pull request"
        + " 972; nothing else makes such a chip coherent.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Optional<Known<HostModel>> model =
        facts.host().model().filter(known -> known.value().coherent().isPresent());
    if (model.isEmpty()) {
      boolean pc =
          facts.host().architecture().map(Known::value).filter("x86_64"::equals).isPresent();
      return List.of(
          pc
              ? Finding.calm(id(), Verdict.OK, "PCs are coherent.", List.of())
              : Unread.of(id(), "What system on a chip this is", new Reading.Absent()));
    }
    HostModel host = model.get().value();
    if (host.coherent().orElseThrow()) {
      return List.of(
          Finding.calm(
              id(), Verdict.OK, host.name() + " is coherent.", List.of(model.get().evidence())));
    }
    String message =
        "%s is not coherent: devices do not see what is in the CPU's caches.%s"
            .formatted(
                host.name(),
                host.works().map(works -> " Known to work: " + works + ".").orElse(""));
    boolean nvidia = facts.pci().gpus().stream().anyMatch(Gpu::isNvidia);
    return List.of(
        nvidia
            ? Finding.problem(
                id(),
                Verdict.WARN,
                message,
                List.of(model.get().evidence()),
                remedy(),
                "nvidia-smi && dmesg | grep -E 'NVRM|Xid'")
            : Finding.calm(id(), Verdict.INFO, message, List.of(model.get().evidence())));
  }
}
