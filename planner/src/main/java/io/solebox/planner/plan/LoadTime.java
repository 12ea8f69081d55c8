package io.solebox.planner.plan;

import io.solebox.engine.memory.MemoryUse;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.memory.MemoryPlan;
import java.util.List;
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
    Optional<Range> links = links(machine.computing(), plan);
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

  /** One card after the other. */
  private static Optional<Range> links(List<DeviceProfile> computing, MemoryPlan plan) {
    Optional<Range> all = Optional.empty();
    for (int i = 0; i < plan.devices().size(); i++) {
      Optional<Range> link = computing.get(i).link();
      MemoryUse need = plan.devices().get(i).need();
      if (link.isPresent()) {
        Range own =
            Range.exactly(need.weightBytes(), Unit.BYTES, "")
                .per(link.get(), Unit.SECONDS, "bytes over the link");
        all = Optional.of(all.map(sum -> sum.plus(own, "one after the other")).orElse(own));
      }
    }
    return all;
  }
}
