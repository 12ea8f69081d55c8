package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.backend.cuda.driver.Target;
import java.lang.foreign.Arena;

/**
 * What the tensor cores give to a kernel that only multiplies f16 with {@code mma.sync}: the best
 * of several passes. An sm_90 has instructions that give more, which our prefill does not use.
 */
final class MatrixMeter {
  private static final int THREADS = 256;
  private static final int WARP = 32;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 2;
  private static final int PASSES = 5;

  /** As in {@code matrix_rate.cu}. */
  private static final int INSTRUCTIONS_PER_ROUND = 32;

  /** 1.1e13 operations on an H200, 3.4e12 on a V100: by their data sheets 15 to 30 ms a pass. */
  private static final int ROUNDS = 40_000;

  private MatrixMeter() {}

  static double measure(CudaThread gpu, Kernels kernels) {
    return measure(gpu, kernels, ROUNDS);
  }

  /** Operations per second, a multiplication and an addition being two. On the GPU's thread. */
  static double measure(CudaThread gpu, Kernels kernels, int rounds) {
    int blocks = BLOCKS_PER_MULTIPROCESSOR * gpu.info().multiprocessors();
    Kernel kernel = kernels.get("matrix_rate", "matrix_rate");
    double operations =
        (double) blocks
            * (THREADS / WARP)
            * rounds
            * INSTRUCTIONS_PER_ROUND
            * operations(kernels.target());
    double best = 0;
    try (var out = DeviceMemory.allocate(gpu, (long) Float.BYTES * blocks * THREADS);
        var stream = Stream.create(gpu);
        var begin = Event.create(gpu);
        var end = Event.create(gpu)) {
      var arguments = new Arguments(Arena.ofAuto(), 2).start().pointer(out).integer(rounds);
      for (int pass = 0; pass < PASSES; pass++) {
        stream.record(begin);
        stream.launch(kernel, Grid.of(blocks, THREADS), arguments);
        stream.record(end);
        stream.synchronize();
        best = Math.max(best, operations / (end.millisSince(begin) / 1e3));
      }
    }
    return best;
  }

  /** Of one instruction of a warp: four products of 8x8x4, or one of 16x8x16. */
  private static int operations(Target target) {
    return target == Target.SM_70 ? 2 * 4 * 8 * 8 * 4 : 2 * 16 * 8 * 16;
  }
}
