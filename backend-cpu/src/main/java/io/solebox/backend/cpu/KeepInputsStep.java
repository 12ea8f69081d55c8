package io.solebox.backend.cpu;

import io.solebox.engine.backend.Batch;
import java.lang.foreign.MemorySegment;

/**
 * Keeps the last inputs of each sequence for its next step, once all rows of this one are computed;
 * a unit is a token.
 *
 * @param kept how many inputs
 */
record KeepInputsStep(Buffer x, Buffer state, int kept) implements Step {
  @Override
  public int units(Frame frame) {
    return kept == 0 ? 0 : frame.tokens();
  }

  @Override
  public void run(int t, Frame frame, int worker) {
    Batch batch = frame.batch();
    if (batch.sequenceEnd(t) - t <= kept) {
      long row = batch.positions()[t] % kept * x.rowBytes();
      long to = state.at(batch.sequence(t).slot()) + row;
      MemorySegment.copy(x.data(), x.at(t), state.data(), to, x.rowBytes());
    }
  }
}
