package io.solebox.backend.cpu;

import java.util.List;

/**
 * A part of a plan's work: what it reads and writes, and how its step is made as soon as that has
 * memory.
 */
sealed interface Task {
  Slot out();

  List<Slot> reads();

  /** Makes a step of type {@code S}; {@code in} has the buffers of {@link #reads()}. */
  interface Maker<S> {
    S make(StepFactory steps, List<Buffer> in, Buffer out);
  }

  /** Runs once all that it reads is complete. */
  record Whole(Slot out, List<Slot> reads, Maker<Step> maker) implements Task {}

  /** Treats rows of a domain one by one. */
  record Rowwise(Slot out, List<Slot> reads, Domain domain, Maker<RowStep> maker) implements Task {}

  /** Nothing to do: the plan fills the slot before the walk. */
  record Given(Slot out) implements Task {
    @Override
    public List<Slot> reads() {
      return List.of();
    }
  }
}
