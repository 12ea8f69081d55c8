package io.solebox.planner.plan;

import io.solebox.engine.memory.MemoryUse;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.memory.MemoryPlan;
import java.util.Optional;

/** How long a model takes to come from the disk, over the links, into the devices. */
final class LoadTime {
  private LoadTime() {}

  /** Reading and copying go on at once at best, and one after the other at worst. */
  static Optional<Range> of(ModelQuestion question, MemoryPlan plan) {
    MachineProfile machine = question.devices().machine();
    double fileBytes = question.model().outline().info().fileBytes();
    Optional<Range> disk =
        machine
            .disk()
            .map(rate -> Range.exactly(fileBytes, Unit.BYTES, "").per(rate, Unit.SECONDS, ""));
    Optional<Range> links = links(plan);
    if (disk.isEmpty()) {
      return Optional.empty();
    }
    Range read = disk.get();
    String why =
        "%s from a disk of %s"
            .formatted(
                Range.exactly(fileBytes, Unit.BYTES, "").text(),
                machine.disk().orElseThrow().text());
    return Optional.of(
        links
            .map(
                copied ->
                    new Range(
                        Math.max(read.low(), copied.low()),
                        read.high() + copied.high(),
                        Unit.SECONDS,
                        why + ", and over the link in " + copied.text()))
            .orElse(read.because(why)));
  }

  private static Optional<Range> links(MemoryPlan plan) {
    Optional<Range> all = Optional.empty();
    for (int i = 0; i < plan.devices().size(); i++) {
      MemoryUse need = plan.devices().get(i).need();
      Optional<Range> link = MemoryPlan.device(plan.placement().stages().get(i)).link();
      if (link.isPresent()) {
        Range own =
            Range.exactly(need.weightBytes(), Unit.BYTES, "")
                .per(link.get(), Unit.SECONDS, "bytes over the link");
        all = Optional.of(all.map(others -> together(others, own)).orElse(own));
      }
    }
    return all;
  }

  /** Each over its own link at once at best, and over one that they share at worst. */
  private static Range together(Range others, Range own) {
    return new Range(
        Math.max(others.low(), own.low()),
        others.high() + own.high(),
        Unit.SECONDS,
        "bytes over the links");
  }
}
