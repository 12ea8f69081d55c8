package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import java.util.OptionalDouble;

/** What the link gives to copies from pinned host memory to the card: the best of several. */
final class LinkMeter {
  private static final long MOST_BYTES = 256L << 20;

  /** Less would measure how a copy begins. */
  private static final long LEAST_BYTES = 16L << 20;

  private static final int COPIES = 5;

  private LinkMeter() {}

  static OptionalDouble measure(CudaThread gpu) {
    long bytes = Math.min(MOST_BYTES, DeviceMemory.info(gpu).free() / 2);
    return bytes < LEAST_BYTES
        ? OptionalDouble.empty()
        : OptionalDouble.of(gpu.call(() -> best(gpu, bytes)));
  }

  private static double best(CudaThread gpu, long bytes) {
    double best = 0;
    try (var from = PinnedMemory.allocate(gpu, bytes);
        var to = DeviceMemory.allocate(gpu, bytes);
        var stream = Stream.create(gpu);
        var begin = Event.create(gpu);
        var end = Event.create(gpu)) {
      for (int copy = 0; copy < COPIES; copy++) {
        stream.record(begin);
        stream.upload(from.segment(), to.address());
        stream.record(end);
        stream.synchronize();
        best = Math.max(best, bytes / (end.millisSince(begin) / 1e3));
      }
    }
    return best;
  }
}
