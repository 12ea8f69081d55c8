package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.MemoryHealth;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether the memory of each GPU can still be mended. */
final class EccRetired implements Check {
  @Override
  public String id() {
    return "ecc.retired";
  }

  @Override
  public String title() {
    return "the GPU's memory can be mended";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "nvidia-smi*.txt", "dmesg.txt", "dmesg-before-reboot.txt", "state-previous.json");
  }

  @Override
  public String rule() {
    return "A failure where a row could not be remapped (Xid 64, Remapping Failure Occurred), where"
        + " one part of the memory (FBPA, partition) fails at several addresses, or where a new row"
        + " fails right after the restart that should have cured it: the memory degrades"
        + " (vllm-backport#62). A warning where a row or page waits for a reset, or a bank has no"
        + " reserve left.";
  }

  @Override
  public String remedy() {
    return "Take the GPU out of service and replace it; one that only waits for a reset is reset.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("xid");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Set<PciAddress> gpus = new TreeSet<>();
    Nvidia.gpus(facts).forEach(gpu -> gpus.add(gpu.address()));
    List<Finding> findings = new ArrayList<>();
    List<PciAddress> silent = new ArrayList<>();
    for (PciAddress gpu : gpus) {
      MemoryHealth health = MemoryHealth.of(facts, gpu);
      if (health.says()) {
        findings.add(judged(facts, gpu, health).of(gpu.toString()));
      } else {
        silent.add(gpu);
      }
    }
    if (gpus.isEmpty()) {
      return List.of(Nvidia.none(id(), facts));
    }
    if (!silent.isEmpty()) {
      findings.add(
          Unread.of(
              id(),
              "What nvidia-smi -q says of memory errors",
              facts.box().read("nvidia-smi-q.txt")));
    }
    return findings;
  }

  private Finding judged(Facts facts, PciAddress gpu, MemoryHealth health) {
    String name = Nvidia.name(facts, gpu);
    if (!health.failures().isEmpty()) {
      return replace(
          name,
          "it could not mend its memory any more (remapping failure).",
          health,
          health.failures());
    }
    if (!health.degrading().isEmpty()) {
      return replace(name, "its memory degrades.", health, health.degrading());
    }
    if (!health.waiting().isEmpty()) {
      return Finding.problem(
          id(),
          Verdict.WARN,
          name + " has memory to mend that is pending: it waits for a reset." + counts(health),
          health.waiting(),
          "End what runs on it, reset it (nvidia-smi -r) or reboot, and look again: a new fault"
              + " right after that means that the card must be replaced.",
          "nvidia-smi -q -d ROW_REMAPPER,PAGE_RETIREMENT");
    }
    if (!health.worrying().isEmpty()) {
      return Finding.problem(
          id(),
          Verdict.WARN,
          name
              + " has more memory errors than it had, or no reserve for the next."
              + counts(health),
          health.worrying(),
          "Look again every day; replace the card when a row cannot be remapped, or faults go on in"
              + " one place.",
          "nvidia-smi -q -d ROW_REMAPPER,ECC");
    }
    boolean mended = health.mended() > 0;
    return Finding.calm(
        id(),
        mended ? Verdict.INFO : Verdict.OK,
        mended
            ? name + " has mended its memory." + counts(health)
            : name + " has no memory to mend.",
        health.seen());
  }

  private Finding replace(String name, String why, MemoryHealth health, List<Evidence> evidence) {
    return Finding.problem(
        id(),
        Verdict.FAIL,
        name
            + " must be taken out of service: replace it, "
            + why
            + counts(health)
            + " Errors and hangs of programs on it are explained by that.",
        evidence,
        remedy(),
        "nvidia-smi -q -d ROW_REMAPPER,PAGE_RETIREMENT,ECC");
  }

  private static String counts(MemoryHealth health) {
    return health.words().isEmpty() ? "" : " " + String.join(" ", health.words());
  }
}
