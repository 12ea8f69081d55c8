package io.solebox.backend.cpu;

import java.util.ArrayList;
import java.util.List;

/** Makes the steps of each phase, bound to memory. */
final class PlanCompiler {
  private final Footprint footprint;
  private final StepFactory steps;
  private final BufferPlan.Memory memory;
  private final int threads;

  PlanCompiler(Footprint footprint, StepFactory steps, BufferPlan.Memory memory, int threads) {
    this.footprint = footprint;
    this.steps = steps;
    this.memory = memory;
    this.threads = threads;
  }

  /** The steps of each phase; those of one phase run in any order. */
  Step[][] compile() {
    return steps.complete(
        footprint.schedule().phases().stream()
            .map(groups -> groups.stream().map(this::step).toArray(Step[]::new))
            .toArray(Step[][]::new));
  }

  Buffer buffer(Slot slot) {
    return footprint.buffers().buffer(slot, memory, footprint.limits());
  }

  private Step step(Schedule.Group group) {
    return switch (group) {
      case Schedule.Group.Single(Task.Whole t) -> t.maker().make(steps, in(t), buffer(t.out()));
      case Schedule.Group.Rows(Domain domain, List<Task.Rowwise> tasks) -> {
        List<RowStep> rows = new ArrayList<>();
        for (Task.Rowwise t : tasks) {
          rows.add(t.maker().make(steps, in(t), buffer(t.out())));
        }
        yield new Chain(domain, rows, threads);
      }
    };
  }

  private List<Buffer> in(Task task) {
    return task.reads().stream().map(this::buffer).toList();
  }
}
