package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;
import java.util.OptionalDouble;

/** What the card's memory gives to a kernel that only reads it: the best of several passes. */
final class BandwidthMeter {
  private static final long MOST_BYTES = 4L << 30;

  /** Less would be read from the cache. */
  private static final long LEAST_BYTES = 512L << 20;

  private static final int PASSES = 10;
  private static final int THREADS = 512;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 4;
  private static final int LOAD_BYTES = 16;

  private BandwidthMeter() {}

  static OptionalDouble measure(CudaThread gpu, Kernels kernels) {
    long bytes = Math.min(MOST_BYTES, DeviceMemory.info(gpu).free() / 2) / LOAD_BYTES * LOAD_BYTES;
    return bytes < LEAST_BYTES
        ? OptionalDouble.empty()
        : OptionalDouble.of(gpu.call(() -> best(gpu, kernels, bytes)));
  }

  private static double best(CudaThread gpu, Kernels kernels, long bytes) {
    int blocks = BLOCKS_PER_MULTIPROCESSOR * gpu.info().multiprocessors();
    Kernel kernel = kernels.get("bandwidth", "read_bandwidth");
    double best = 0;
    try (var data = DeviceMemory.allocate(gpu, bytes);
        var out = DeviceMemory.allocate(gpu, (long) Integer.BYTES * blocks * THREADS);
        var stream = Stream.create(gpu);
        var begin = Event.create(gpu);
        var end = Event.create(gpu)) {
      var arguments =
          new Arguments(Arena.ofAuto(), 3)
              .start()
              .pointer(out)
              .pointer(data)
              .longInteger(bytes / LOAD_BYTES);
      stream.fill(data.address(), (byte) 0, bytes);
      for (int pass = 0; pass < PASSES; pass++) {
        stream.record(begin);
        stream.launch(kernel, Grid.of(blocks, THREADS), arguments);
        stream.record(end);
        stream.synchronize();
        best = Math.max(best, bytes / (end.millisSince(begin) / 1e3));
      }
    }
    return best;
  }
}
