package io.solebox.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/** A piece of what a plan needs on the device, small enough for a staging buffer. */
record Upload(List<Target> targets) {
  /**
   * Bytes that stand together on the device.
   *
   * @param fill writes them into host memory of just that size
   */
  record Target(long address, long bytes, Consumer<MemorySegment> fill) {}

  long bytes() {
    return targets.stream().mapToLong(Target::bytes).sum();
  }

  /** Room that all targets take in one buffer. */
  long stagingBytes() {
    return targets.stream().mapToLong(t -> Places.align(t.bytes())).sum();
  }
}
