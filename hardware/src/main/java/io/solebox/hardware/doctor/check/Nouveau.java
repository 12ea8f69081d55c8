package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Wording;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the kernel's own driver for NVIDIA's GPUs is loaded. */
final class Nouveau implements Check {
  @Override
  public String id() {
    return "nouveau";
  }

  @Override
  public String title() {
    return "nouveau keeps away";
  }

  @Override
  public List<String> reads() {
    return List.of("lsmod.txt", "proc/modules", "sys/module/nouveau", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where nouveau is loaded: it holds the GPUs, and cannot compute with them. A"
        + " warning where it is loaded beside NVIDIA's driver and holds none.";
  }

  @Override
  public String remedy() {
    return "Write blacklist nouveau and options nouveau modeset=0 into"
        + " /etc/modprobe.d/blacklist-nouveau.conf, rebuild the initramfs, reboot.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("driver.owner", "nvrm.init", "nvml.version");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Driver driver = facts.driver();
    Optional<Evidence> loaded = Optional.ofNullable(driver.modules().get("nouveau"));
    Optional<Evidence> holds = holds(facts);
    if (loaded.isPresent() || holds.isPresent()) {
      boolean beside = holds.isEmpty() && driver.modules().containsKey("nvidia");
      List<Evidence> evidence = Stream.concat(loaded.stream(), holds.stream()).toList();
      return List.of(
          Finding.problem(
              id(),
              beside ? Verdict.WARN : Verdict.FAIL,
              beside
                  ? "nouveau is loaded beside NVIDIA's driver; at the next start it may be first to"
                      + " the GPU."
                  : "nouveau, the kernel's own driver, is loaded and holds the GPU: NVIDIA's cannot"
                      + " have it until a blacklist keeps nouveau away, and nouveau cannot compute.",
              evidence,
              remedy(),
              "lsmod | grep nouveau"));
    }
    if (driver.modulesListed()) {
      return List.of(Finding.calm(id(), Verdict.OK, "nouveau is not loaded.", List.of()));
    }
    return List.of(Unread.of(id(), "The list of kernel modules", facts.box().read("lsmod.txt")));
  }

  private static Optional<Evidence> holds(Facts facts) {
    Optional<Evidence> bound =
        Nvidia.gpus(facts).stream()
            .flatMap(gpu -> gpu.pci().driver().stream())
            .filter(known -> known.value().equals("nouveau"))
            .map(known -> known.evidence())
            .findFirst();
    return bound
        .or(
            () ->
                Wording.NVRM_OWNER
                    .in(facts.log())
                    .filter(hit -> hit.match().group(2).equalsIgnoreCase("nouveau"))
                    .map(hit -> hit.line().evidence())
                    .findFirst())
        .or(() -> initialised(facts));
  }

  /** It may have been unloaded since. */
  private static Optional<Evidence> initialised(Facts facts) {
    boolean gone =
        facts.driver().modulesListed() && !facts.driver().modules().containsKey("nouveau");
    return gone
        ? Optional.empty()
        : Wording.NOUVEAU_OWNS
            .in(facts.log())
            .map(Hit::line)
            .map(line -> line.evidence())
            .findFirst();
  }
}
