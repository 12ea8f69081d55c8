package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;
import java.util.OptionalDouble;

/**
 * How many bytes one {@code prefetch.global.L2} brings, which NVIDIA does not document and products
 * build on. Loads at each distance behind prefetched addresses are timed: those that take no longer
 * than loads of what the second-level cache holds were brought.
 */
final class PrefetchMeter {
  /** The least that the cache takes from memory. */
  private static final int SECTOR_BYTES = 32;

  private static final int WINDOW_BYTES = 512;

  /** From one prefetched address to the next. */
  private static final int STRIDE_BYTES = 1024;

  private static final int ADDRESSES = 4096;

  /** How often the cache must be read over for nothing to be left in it. */
  private static final int CACHES = 8;

  /** Latencies of cache and memory that are nearer to each other tell nothing. */
  private static final double LEAST_RATIO = 1.25;

  private static final int THREADS = 256;
  private static final int EVICT_BLOCKS_PER_MULTIPROCESSOR = 4;

  /**
   * What is done, so that tests do less.
   *
   * @param addresses prefetched
   * @param evictBytes that are read in between
   */
  record Extent(int addresses, long evictBytes) {
    static Extent of(CudaThread gpu) {
      return new Extent(ADDRESSES, (long) CACHES * gpu.info().l2Bytes());
    }

    long bytes() {
      return (long) STRIDE_BYTES * addresses + evictBytes;
    }
  }

  /**
   * Microseconds of one load.
   *
   * @param memory of what nobody asked for
   * @param cache of what was loaded before
   * @param behind of what lies behind a prefetched address, a value for each 32 bytes
   */
  record Latencies(double memory, double cache, double... behind) {
    /** Empty where memory and cache cannot be told apart. */
    OptionalDouble prefetchedBytes() {
      if (memory < LEAST_RATIO * cache) {
        return OptionalDouble.empty();
      }
      int sectors = 0;
      for (double micros : behind) {
        sectors += micros < (memory + cache) / 2 ? 1 : 0;
      }
      return OptionalDouble.of(sectors * SECTOR_BYTES);
    }
  }

  private final Kernels kernels;
  private final Extent extent;
  private final Stream stream;
  private final DeviceMemory data;
  private final DeviceMemory evicting;
  private final DeviceMemory out;
  private final Chase chase;
  private final Arguments arguments = new Arguments(Arena.ofAuto(), 3);

  private PrefetchMeter(Owned owned, Kernels kernels, Extent extent) {
    this.kernels = kernels;
    this.extent = extent;
    stream = owned.stream();
    data = owned.device((long) STRIDE_BYTES * extent.addresses());
    evicting = owned.device(extent.evictBytes());
    out = owned.device((long) Integer.BYTES * THREADS * evictBlocks());
    chase = new Chase(owned, kernels, stream);
  }

  static OptionalDouble measure(CudaThread gpu, Kernels kernels) {
    Extent extent = Extent.of(gpu);
    return DeviceMemory.info(gpu).free() / 2 < extent.bytes()
        ? OptionalDouble.empty()
        : gpu.call(() -> measure(gpu, kernels, extent)).prefetchedBytes();
  }

  /** On the GPU's thread. */
  static Latencies measure(CudaThread gpu, Kernels kernels, Extent extent) {
    try (var owned = new Owned(gpu)) {
      return new PrefetchMeter(owned, kernels, extent).measure();
    }
  }

  private Latencies measure() {
    load(0); // for clocks, and for the tables that translate addresses
    evict();
    double memory = load(0);
    double cache = load(0);
    var behind = new double[WINDOW_BYTES / SECTOR_BYTES];
    for (int i = 0; i < behind.length; i++) {
      evict();
      prefetch();
      behind[i] = load(i * SECTOR_BYTES);
    }
    return new Latencies(memory, cache, behind);
  }

  /** Microseconds of one load so many bytes behind each address. */
  private double load(int offset) {
    chase.launch(data.address() + offset, STRIDE_BYTES, extent.addresses());
    stream.synchronize();
    return chase.micros() / extent.addresses();
  }

  private void prefetch() {
    Kernel kernel = kernels.get("probes", "prefetch_lines");
    stream.launch(
        kernel,
        Grid.of(Math.ceilDiv(extent.addresses(), THREADS), THREADS),
        arguments.start().pointer(data).longInteger(STRIDE_BYTES).integer(extent.addresses()));
  }

  /** Nothing that is loaded later lies in the cache behind this. */
  private void evict() {
    Kernel kernel = kernels.get("bandwidth", "read_contiguous_8");
    stream.launch(
        kernel,
        Grid.of(evictBlocks(), THREADS),
        arguments.start().pointer(out).pointer(evicting).longInteger(extent.evictBytes() / 16));
  }

  private int evictBlocks() {
    return EVICT_BLOCKS_PER_MULTIPROCESSOR * kernels.multiprocessors();
  }
}
