package io.solebox.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A piece of what a plan needs on the device, small enough for a staging buffer.
 *
 * @param data what all targets are made from
 */
record Upload(Supplier<MemorySegment> data, List<Target> targets) {
  /**
   * Bytes that stand together on the device.
   *
   * @param fill writes them from the data into host memory of just that size
   */
  record Target(long address, long bytes, BiConsumer<MemorySegment, MemorySegment> fill) {}

  /** Of one target, filled from nothing. */
  static Upload of(long address, long bytes, Consumer<MemorySegment> fill) {
    var target = new Target(address, bytes, (_, to) -> fill.accept(to));
    return new Upload(() -> MemorySegment.NULL, List.of(target));
  }

  long bytes() {
    return targets.stream().mapToLong(Target::bytes).sum();
  }

  /** Room that all targets take in one buffer. */
  long stagingBytes() {
    return targets.stream().mapToLong(t -> Places.align(t.bytes())).sum();
  }
}
