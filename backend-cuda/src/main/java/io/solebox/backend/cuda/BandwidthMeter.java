package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the card's memory gives to a kernel that only reads random bytes: the best pass of three
 * kernels, that no share is of a bandwidth which another way of reading would have exceeded.
 */
final class BandwidthMeter {
  private static final long MOST_BYTES = 4L << 30;

  /** Less would be read from the cache. */
  private static final long LEAST_BYTES = 512L << 20;

  /** Long enough for clocks to rise, and for dozens of passes. */
  private static final Duration TIME = Duration.ofMillis(200);

  private static final int LEAST_ROUNDS = 3;
  private static final int LOAD_BYTES = 16;
  private static final Reader FILL = new Reader("fill_random", 256, 8);

  /** In {@code bandwidth.cu}, with as many blocks as a multiprocessor holds at once. */
  private static final List<Reader> READERS =
      List.of(
          new Reader("read_interleaved_8", 512, 2),
          new Reader("read_interleaved_4", 256, 5),
          new Reader("read_contiguous_8", 256, 4));

  private record Reader(String entry, int threads, int blocksPerMultiprocessor) {
    Kernel kernel(Kernels kernels) {
      return kernels.get("bandwidth", entry);
    }

    Grid grid(Kernels kernels) {
      return Grid.of(blocksPerMultiprocessor * kernels.multiprocessors(), threads);
    }

    long outBytes(Kernels kernels) {
      return (long) Integer.BYTES * threads * blocksPerMultiprocessor * kernels.multiprocessors();
    }
  }

  private final Kernels kernels;
  private final long bytes;
  private final DeviceMemory data;
  private final DeviceMemory out;
  private final Stream stream;
  private final Event begin;
  private final Event end;

  private BandwidthMeter(Owned owned, Kernels kernels, long bytes) {
    this.kernels = kernels;
    this.bytes = bytes;
    data = owned.device(bytes);
    out = owned.device(READERS.stream().mapToLong(r -> r.outBytes(kernels)).max().orElseThrow());
    stream = owned.stream();
    begin = owned.event();
    end = owned.event();
  }

  static OptionalDouble measure(CudaThread gpu, Kernels kernels) {
    long bytes = Math.min(MOST_BYTES, DeviceMemory.info(gpu).free() / 2) / LOAD_BYTES * LOAD_BYTES;
    return bytes < LEAST_BYTES
        ? OptionalDouble.empty()
        : OptionalDouble.of(gpu.call(() -> best(gpu, kernels, bytes, TIME)));
  }

  /** Bytes per second. On the GPU's thread. */
  static double best(CudaThread gpu, Kernels kernels, long bytes, Duration time) {
    try (var owned = new Owned(gpu)) {
      var meter = new BandwidthMeter(owned, kernels, bytes);
      meter.fill();
      long start = System.nanoTime();
      double best = 0;
      for (int i = 0; i < LEAST_ROUNDS || System.nanoTime() - start < time.toNanos(); i++) {
        for (Reader reader : READERS) {
          best = Math.max(best, meter.bytesPerSecond(reader));
        }
      }
      return best;
    }
  }

  private void fill() {
    stream.launch(
        FILL.kernel(kernels),
        FILL.grid(kernels),
        new Arguments(Arena.ofAuto(), 2).start().pointer(data).longInteger(bytes / LOAD_BYTES));
  }

  private double bytesPerSecond(Reader reader) {
    var arguments =
        new Arguments(Arena.ofAuto(), 3)
            .start()
            .pointer(out)
            .pointer(data)
            .longInteger(bytes / LOAD_BYTES);
    stream.record(begin);
    stream.launch(reader.kernel(kernels), reader.grid(kernels), arguments);
    stream.record(end);
    stream.synchronize();
    return bytes / (end.millisSince(begin) / 1e3);
  }
}
