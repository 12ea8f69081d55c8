package io.solebox.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Makes the steps of each phase, bound to memory. */
final class PlanCompiler {
  private final Footprint footprint;
  private final StepFactory steps;
  private final MemorySegment scratch;
  private final MemorySegment kvPool;
  private final int kvBlocks;
  private final int threads;

  PlanCompiler(
      Footprint footprint,
      StepFactory steps,
      MemorySegment scratch,
      MemorySegment kvPool,
      int kvBlocks,
      int threads) {
    this.footprint = footprint;
    this.steps = steps;
    this.scratch = scratch;
    this.kvPool = kvPool;
    this.kvBlocks = kvBlocks;
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
    return footprint.buffers().buffer(slot, scratch, kvPool, footprint.limits(), kvBlocks);
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
