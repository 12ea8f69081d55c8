package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Patience;
import io.solebox.backend.cuda.driver.Stream;

/**
 * What it costs to wait for a step: from its launch by the GPU's thread until the thread that asked
 * for it goes on, less the time of the device itself. Two threads are woken on that way.
 */
final class WaitMeter {
  private static final int REPETITIONS = 51;

  /** About a millisecond: loads of what the second-level cache holds. */
  private static final int LOADS = 4096;

  private static final double NANOS_PER_MICRO = 1e3;

  private final CudaThread gpu;
  private final Stream stream;
  private final Chase chase;
  private final long address;
  private long launchedNanos;
  private double deviceMicros;

  private WaitMeter(Owned owned, CudaThread gpu, Kernels kernels) {
    this.gpu = gpu;
    stream = owned.stream();
    chase = new Chase(owned, kernels, stream);
    address = owned.device(Integer.BYTES).address();
  }

  /** Microseconds, the median. Not on the GPU's thread. */
  static double measure(CudaThread gpu, Kernels kernels, Patience patience) {
    return measure(gpu, kernels, patience, LOADS, REPETITIONS);
  }

  static double measure(
      CudaThread gpu, Kernels kernels, Patience patience, int loads, int repetitions) {
    try (var owned = new Owned(gpu)) {
      WaitMeter meter = gpu.call(() -> new WaitMeter(owned, gpu, kernels));
      meter.once(patience, loads); // nothing is known of the time before
      var micros = new double[repetitions];
      for (int i = 0; i < repetitions; i++) {
        micros[i] = meter.once(patience, loads);
      }
      return Median.of(micros);
    }
  }

  private double once(Patience patience, int loads) {
    long expectedNanos = (long) (deviceMicros * NANOS_PER_MICRO);
    gpu.run(
        () -> {
          launchedNanos = System.nanoTime();
          chase.launch(address, 0, loads);
          stream.synchronize(patience, expectedNanos);
          deviceMicros = chase.micros();
        },
        patience,
        expectedNanos);
    return (System.nanoTime() - launchedNanos) / NANOS_PER_MICRO - deviceMicros;
  }
}
