package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Version;
import io.solebox.hardware.doctor.facts.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether NVIDIA's library and kernel module are of one version. */
final class NvmlVersion implements Check {
  private static final Pattern MISMATCH = Pattern.compile("Driver/library version mismatch");

  @Override
  public String id() {
    return "nvml.version";
  }

  @Override
  public String title() {
    return "library and kernel module are of one version";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "nvidia-smi*.txt", "proc/driver/nvidia/version", "modinfo-nvidia.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where nvidia-smi or the kernel module says that their versions differ; a"
        + " warning where the module on the disk is another one than the one that is loaded.";
  }

  @Override
  public String remedy() {
    return "Reboot, or unload the old kernel module (rmmod nvidia_uvm nvidia_drm nvidia_modeset"
        + " nvidia) and load the new one; in a container, use the host's libraries.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Driver driver = facts.driver();
    List<Evidence> said = new ArrayList<>();
    Driver.said(facts.box(), MISMATCH).forEach(known -> said.add(known.evidence()));
    Optional<String> client =
        Wording.API_MISMATCH
            .in(facts.log())
            .reduce((_, last) -> last)
            .map(
                hit -> {
                  said.add(hit.line().evidence());
                  return hit.match().group(2);
                });
    Optional<String> library = driver.library().map(known -> known.value().text()).or(() -> client);
    if (!said.isEmpty() || differ(driver.library(), driver.module())) {
      driver.module().ifPresent(known -> said.add(known.evidence()));
      return List.of(mismatch(library, driver.module(), said));
    }
    if (differ(driver.installed(), driver.module())) {
      return List.of(updated(driver.installed().orElseThrow(), driver.module().orElseThrow()));
    }
    return List.of(
        driver
            .module()
            .map(known -> fine(known))
            .orElseGet(() -> Unread.of(id(), "The driver's version", new Reading.Absent())));
  }

  private static boolean differ(Optional<Known<Version>> one, Optional<Known<Version>> other) {
    return one.isPresent() && other.isPresent() && !one.get().value().equals(other.get().value());
  }

  private Finding fine(Known<Version> module) {
    return Finding.calm(
        id(),
        Verdict.OK,
        "Nothing says that library and kernel module " + module.value() + " differ.",
        List.of(module.evidence()));
  }

  private Finding mismatch(
      Optional<String> library, Optional<Known<Version>> module, List<Evidence> evidence) {
    return Finding.problem(
        id(),
        Verdict.FAIL,
        "NVIDIA's library"
            + library.map(version -> " " + version).orElse("")
            + " and the loaded kernel module"
            + module.map(version -> " " + version.value()).orElse("")
            + " are of different versions, as after an update without a reboot: no program can use"
            + " the GPUs.",
        evidence,
        remedy(),
        "nvidia-smi && cat /proc/driver/nvidia/version");
  }

  private Finding updated(Known<Version> installed, Known<Version> module) {
    return Finding.problem(
        id(),
        Verdict.WARN,
        "The kernel module on the disk is "
            + installed.value()
            + ", the one that is loaded "
            + module.value()
            + ": the driver was updated since the last start.",
        List.of(installed.evidence(), module.evidence()),
        remedy(),
        "modinfo -F version nvidia && cat /proc/driver/nvidia/version");
  }
}
