package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;
import java.util.OptionalDouble;

/**
 * What the nodes of a captured graph cost that compute nothing, in a chain in which each waits for
 * the one ahead: a decode step is such a chain, and cannot be faster than its nodes are many.
 */
final class LaunchMeter {
  /** About as many as a step of a 13b model has. */
  private static final int NODES = 400;

  private static final int THREADS = 128;

  /** As in a step: its rows and its answers are little. */
  private static final int COPY_BYTES = 64;

  private final CudaThread gpu;
  private final Kernels kernels;
  private final int nodes;
  private final Kernel kernel;
  private final Stream stream;
  private final DeviceMemory device;
  private final PinnedMemory host;
  private final Arguments arguments = new Arguments(Arena.ofAuto(), 1);

  private LaunchMeter(Owned owned, CudaThread gpu, Kernels kernels, int nodes) {
    this.gpu = gpu;
    this.kernels = kernels;
    this.nodes = nodes;
    kernel = kernels.get("probes", "empty");
    stream = owned.stream();
    device = owned.device(COPY_BYTES);
    host = owned.pinned(COPY_BYTES);
  }

  /** Microseconds from one empty kernel to the next. */
  static OptionalDouble kernel(CudaThread gpu, Kernels kernels) {
    return OptionalDouble.of(gpu.call(() -> kernel(gpu, kernels, NODES, false)));
  }

  /** The same where each may start before the end of the one ahead; empty where none can. */
  static OptionalDouble earlyKernel(CudaThread gpu, Kernels kernels) {
    return kernels.overlap()
        ? OptionalDouble.of(gpu.call(() -> kernel(gpu, kernels, NODES, true)))
        : OptionalDouble.empty();
  }

  /** Microseconds that a copy between two kernels adds, up and down in turn. */
  static OptionalDouble copy(CudaThread gpu, Kernels kernels) {
    return OptionalDouble.of(gpu.call(() -> copy(gpu, kernels, NODES)));
  }

  /** On the GPU's thread. */
  static double kernel(CudaThread gpu, Kernels kernels, int nodes, boolean early) {
    try (var owned = new Owned(gpu)) {
      var meter = new LaunchMeter(owned, gpu, kernels, nodes);
      return meter.chain(early, () -> {}, () -> {}) / nodes;
    }
  }

  /** On the GPU's thread. */
  static double copy(CudaThread gpu, Kernels kernels, int nodes) {
    try (var owned = new Owned(gpu)) {
      var meter = new LaunchMeter(owned, gpu, kernels, nodes);
      double without = meter.chain(false, () -> {}, () -> {});
      double with = meter.chain(false, meter::upload, meter::download);
      return (with - without) / nodes;
    }
  }

  /** Microseconds of all; what stands behind even and behind odd kernels. */
  private double chain(boolean early, Runnable even, Runnable odd) {
    var launches = new Launches(stream, early);
    Grid grid = Grid.of(kernels.multiprocessors(), THREADS);
    return new GraphTimer(gpu, stream)
        .micros(
            () -> {
              for (int i = 0; i < nodes; i++) {
                launches.launch(kernel, grid, arguments.start().pointer(device));
                (i % 2 == 0 ? even : odd).run();
              }
            });
  }

  private void upload() {
    stream.upload(host.segment(), device.address());
  }

  private void download() {
    stream.download(device.address(), host.segment());
  }
}
