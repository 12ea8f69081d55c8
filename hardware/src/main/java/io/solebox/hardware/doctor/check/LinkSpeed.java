package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Bottleneck;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.LinkPath;
import io.solebox.hardware.pci.PciLink;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a GPU's link is as fast as it could be. */
final class LinkSpeed implements Check {
  private static final double SLOWEST = 2.5;

  @Override
  public String id() {
    return "link.speed";
  }

  @Override
  public String title() {
    return "the GPU's link is as fast as its slot";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "sys/bus/pci/devices/*/*_link_speed", "lspci-vvv.txt", "nvidia-smi-q.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "Under load a warning where a GPU's link is slower than the smaller of what card and"
        + " slot can do, a failure at 2.5 GT/s. A GPU without work slows its link down, so"
        + " that nothing follows from it then.";
  }

  @Override
  public String remedy() {
    return "Look at the slot's generation in the firmware (set it, in place of auto); a riser or"
        + " cable that is too long or too bad falls back; seat the card anew.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Finding> findings =
        Stream.concat(
                facts.pci().gpus().stream()
                    .flatMap(gpu -> LinkPath.of(gpu, facts).stream())
                    .map(this::path),
                Bottleneck.all(facts.log()).stream().flatMap(each -> told(each, facts).stream()))
            .toList();
    return findings.isEmpty()
        ? List.of(Unread.of(id(), "The speed of the GPUs' links", new Reading.Absent()))
        : findings;
  }

  private Finding path(LinkPath path) {
    PciLink now = path.now().value();
    boolean slow = now.transfers() < path.transfers();
    boolean load = path.load().orElse(false);
    String what =
        "The link of %s at %s is at %.1f GT/s: %s"
            .formatted(path.gpu().name(), path.gpu().device(), now.transfers(), path.limits());
    if (slow && load) {
      return Finding.problem(
              id(),
              now.transfers() == SLOWEST ? Verdict.FAIL : Verdict.WARN,
              what + ", and it is at work.",
              List.of(path.now().evidence()),
              remedy(),
              "nvidia-smi -q -d PCIE while it computes")
          .of(path.gpu().device());
    }
    String idle =
        path.load().isPresent()
            ? ". It has no work, and slows down then."
            : ". Whether it had work is not known; without, it slows down.";
    Verdict verdict = slow && path.load().isEmpty() ? Verdict.INFO : Verdict.OK;
    return Finding.calm(id(), verdict, what + (slow ? idle : "."), List.of(path.now().evidence()))
        .of(path.gpu().device());
  }

  /** At the kernel's start a card may not have been at work. */
  private Optional<Finding> told(Bottleneck told, Facts facts) {
    boolean slower = told.link().transfers() < told.able().transfers() && !told.isTunnel();
    return LinkWidth.gpu(told, facts)
        .filter(_ -> slower)
        .filter(gpu -> LinkPath.of(gpu, facts).isEmpty())
        .map(
            gpu ->
                Finding.calm(
                        id(),
                        Verdict.INFO,
                        "At the kernel's start the link of %s was at %.1f GT/s, and %s can do %.1f; measure it under load."
                            .formatted(
                                told.port(),
                                told.link().transfers(),
                                gpu.device(),
                                told.able().transfers()),
                        List.of(told.line().evidence()))
                    .of(gpu.device()));
  }
}
