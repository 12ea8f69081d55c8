package io.solebox.engine.generation;

import java.lang.foreign.MemorySegment;

/** Takes one row of logits. */
public interface LogitsSink {
  void accept(int position, MemorySegment logits);
}
