package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.pci.PciBar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Through how much of its memory the CPU can see a GPU's memory. */
final class GpuBar1Size implements Check {
  private static final long MIB = 1L << 20;

  @Override
  public String id() {
    return "gpu.bar1.size";
  }

  @Override
  public String title() {
    return "the BAR for the GPU's memory holds all of it";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "nvidia-smi-q.txt", "sys/bus/pci/devices/*/resource", "lspci-v*.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "Well where BAR1 (of AMD's cards BAR0) is as large as the memory, or as such cards have"
        + " it; a smaller one, as of workstation cards in display mode (256 MiB), or after a resize"
        + " that was refused, is said and is no failure.";
  }

  @Override
  public String remedy() {
    return "None is needed. A larger one takes resizable BAR in the firmware, compute mode in"
        + " NVIDIA's display mode selector, and a window that holds it.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Finding> findings =
        facts.pci().gpus().stream().flatMap(gpu -> of(gpu, facts).stream()).toList();
    if (!findings.isEmpty()) {
      return findings;
    }
    return List.of(
        facts.pci().gpus().isEmpty()
            ? Finding.calm(id(), Verdict.NOT_APPLICABLE, "No GPU was seen.", List.of())
            : Unread.of(id(), "The size of the GPU's BAR1", new Reading.Absent()));
  }

  private Optional<Finding> of(Gpu gpu, Facts facts) {
    OptionalLong size = size(gpu);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong memory = memory(gpu, facts);
    boolean enough =
        memory.isPresent()
            ? size.getAsLong() >= memory.getAsLong()
            : gpu.card()
                .filter(card -> card.bar1Mib().contains((int) (size.getAsLong() / MIB)))
                .isPresent();
    String what =
        "%s at %s has a BAR of %s%s"
            .formatted(
                gpu.name(),
                gpu.device(),
                PciBar.bytes(size.getAsLong()),
                memory.isPresent() ? " for " + gigabytes(memory.getAsLong()) + " of memory" : "");
    List<Hit> refusals = refusals(facts);
    List<Evidence> evidence = new ArrayList<>(evidence(gpu));
    String more = "";
    if (!enough) {
      refusals.forEach(hit -> evidence.add(hit.line().evidence()));
      more =
          refusals.isEmpty()
              ? ""
              : ": a larger one was refused for lack of room, and it works without";
    }
    return Optional.of(
        Finding.calm(
                id(), enough ? Verdict.OK : Verdict.INFO, what + more + ladder(gpu) + ".", evidence)
            .of(gpu.device()));
  }

  private static List<Hit> refusals(Facts facts) {
    return List.of(Wording.RESIZE_REFUSED_AMD, Wording.RESIZE_REFUSED_INTEL).stream()
        .flatMap(wording -> wording.in(facts.log()).limit(1))
        .toList();
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f GiB", bytes / (double) (1 << 30));
  }

  /** Sizes that it may be set to. */
  private static String ladder(Gpu gpu) {
    int index = gpu.isNvidia() ? 1 : 0;
    return gpu.pci().resizable().stream()
        .filter(bar -> bar.bar() == index && !bar.supported().isEmpty())
        .filter(bar -> bar.supported().getLast() > bar.current())
        .findFirst()
        .map(bar -> "; it can be set to up to " + PciBar.bytes(bar.supported().getLast()))
        .orElse("");
  }

  private static Optional<Known<PciBar>> bar(Gpu gpu) {
    return gpu.pci().bar(gpu.isNvidia() ? 1 : 0).filter(bar -> bar.value().size() > 0);
  }

  private static OptionalLong size(Gpu gpu) {
    OptionalDouble told =
        gpu.smi().map(smi -> smi.number("BAR1 Memory Usage/Total")).orElse(OptionalDouble.empty());
    if (told.isPresent()) {
      return OptionalLong.of((long) told.getAsDouble() * MIB);
    }
    return bar(gpu)
        .filter(known -> known.value().start().isPresent())
        .map(known -> OptionalLong.of(known.value().size()))
        .orElse(OptionalLong.empty());
  }

  private static List<Evidence> evidence(Gpu gpu) {
    return gpu.smi()
        .flatMap(smi -> smi.value("BAR1 Memory Usage/Total"))
        .map(Known::evidence)
        .or(() -> bar(gpu).map(Known::evidence))
        .map(List::of)
        .orElse(List.of());
  }

  private static OptionalLong memory(Gpu gpu, Facts facts) {
    OptionalDouble told =
        gpu.smi().map(smi -> smi.number("FB Memory Usage/Total")).orElse(OptionalDouble.empty());
    if (told.isPresent()) {
      return OptionalLong.of((long) told.getAsDouble() * MIB);
    }
    if (gpu.card().isPresent()) {
      return OptionalLong.of(gpu.card().get().vramMib() * MIB);
    }
    // The line does not say of which card; with several it is nobody's.
    return facts.pci().gpus().size() == 1
        ? Wording.DETECTED_VRAM
            .in(facts.log())
            .findFirst()
            .map(hit -> OptionalLong.of(Long.parseLong(hit.match().group(1)) * MIB))
            .orElse(OptionalLong.empty())
        : OptionalLong.empty();
  }
}
