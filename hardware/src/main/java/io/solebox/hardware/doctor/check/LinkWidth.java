package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Bottleneck;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.LinkPath;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.pci.PciLink;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a GPU has all lanes that it could have. */
final class LinkWidth implements Check {
  @Override
  public String id() {
    return "link.width";
  }

  @Override
  public String title() {
    return "the GPU has all lanes that its slot gives";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "sys/bus/pci/devices/*/*_link_width", "lspci-vvv.txt", "nvidia-smi-q.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A warning where a GPU has fewer lanes than the smaller of what card and slot can do, a"
        + " failure where it has one, under load. A port of Thunderbolt or USB4 is a tunnel that"
        + " always claims 2.5 GT/s x1, and says nothing.";
  }

  @Override
  public String remedy() {
    return "Seat the card anew, clean its contacts, try another riser or cable; look at the slot's"
        + " bifurcation in the firmware and at which slots share lanes.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Bottleneck> told = Bottleneck.all(facts.log());
    List<Finding> findings =
        Stream.concat(
                facts.pci().gpus().stream()
                    .flatMap(gpu -> LinkPath.of(gpu, facts).stream())
                    .map(path -> path(path, told)),
                told.stream().flatMap(each -> told(each, facts).stream()))
            .toList();
    return findings.isEmpty()
        ? List.of(Unread.of(id(), "The width of the GPUs' links", new Reading.Absent()))
        : findings;
  }

  private Finding path(LinkPath path, List<Bottleneck> told) {
    PciLink now = path.now().value();
    String what =
        "%s at %s has %d of %d lanes: %s."
            .formatted(
                path.gpu().name(), path.gpu().device(), now.lanes(), path.lanes(), path.limits());
    boolean tunnel =
        told.stream()
            .anyMatch(each -> each.isTunnel() && each.device().equals(path.gpu().address()));
    if (now.lanes() >= path.lanes() || tunnel) {
      return Finding.calm(
              id(), tunnel ? Verdict.INFO : Verdict.OK, what, List.of(path.now().evidence()))
          .of(path.gpu().device());
    }
    boolean failed = now.lanes() == 1 && path.load().orElse(false);
    Verdict verdict = failed ? Verdict.FAIL : Verdict.WARN;
    return problem(verdict, what, path.gpu().device(), path.now().evidence());
  }

  private Finding problem(Verdict verdict, String what, String device, Evidence evidence) {
    return Finding.problem(
            id(),
            verdict,
            what,
            List.of(evidence),
            remedy(),
            "lspci -vv -s " + device + " | grep -E 'LnkCap:|LnkSta:'")
        .of(device);
  }

  /** What the kernel says of a device's path, where nothing newer is known of it. */
  private Optional<Finding> told(Bottleneck told, Facts facts) {
    String what =
        "The path to %s is limited by the link of %s, %s; the device can do %s."
            .formatted(told.device(), told.port(), told.link(), told.able());
    if (told.isTunnel()) {
      return Optional.of(
          Finding.calm(
                  id(),
                  Verdict.INFO,
                  what
                      + " That port is a tunnel through Thunderbolt or USB4, which always claims"
                      + " 2.5 GT/s x1: judge by the device's own link and by a measured copy.",
                  List.of(told.line().evidence()))
              .of(told.device().toString()));
    }
    Optional<Gpu> gpu = gpu(told, facts);
    boolean measured = gpu.flatMap(each -> LinkPath.of(each, facts)).isPresent();
    if (gpu.isEmpty() || measured || told.link().lanes() >= told.able().lanes()) {
      return Optional.empty();
    }
    Optional<PciLink> slot =
        facts
            .pci()
            .device(told.port())
            .flatMap(PciDevice::maxLink)
            .map(Known::value)
            .or(() -> facts.host().model().flatMap(known -> known.value().link()));
    if (slot.filter(link -> link.lanes() <= told.link().lanes()).isPresent()) {
      return Optional.of(
          Finding.calm(
                  id(),
                  Verdict.INFO,
                  what + " The slot has no more lanes.",
                  List.of(told.line().evidence()))
              .of(told.device().toString()));
    }
    return Optional.of(
        problem(Verdict.WARN, what, told.device().toString(), told.line().evidence()));
  }

  /** The GPU that is meant: the device itself, or one behind the switch that is meant. */
  static Optional<Gpu> gpu(Bottleneck told, Facts facts) {
    List<PciDevice> below =
        facts.pci().device(told.device()).map(facts.pci()::below).orElse(List.of());
    return facts.pci().gpus().stream()
        .filter(gpu -> gpu.address().equals(told.device()) || below.contains(gpu.pci()))
        .findFirst();
  }
}
