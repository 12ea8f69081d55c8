package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;

/**
 * A kernel of one thread that loads one word after another, each when the one before has come: its
 * time is a number of latencies, and can be made as long as wanted. Used on the GPU's thread.
 */
final class Chase {
  private static final int THREADS = 32;

  private final Kernel kernel;
  private final Stream stream;
  private final long out;
  private final Event begin;
  private final Event end;
  private final Arguments arguments = new Arguments(Arena.ofAuto(), 5);

  Chase(Owned owned, Kernels kernels, Stream stream) {
    this.kernel = kernels.get("probes", "chase");
    this.stream = stream;
    this.out = owned.device(Integer.BYTES).address();
    this.begin = owned.event();
    this.end = owned.event();
  }

  /** Queues {@code count} loads, from {@code address} on and {@code stride} bytes apart. */
  void launch(long address, long stride, int count) {
    stream.record(begin);
    stream.launch(
        kernel,
        Grid.of(1, THREADS),
        arguments
            .start()
            .pointer(out)
            .pointer(address)
            .longInteger(stride)
            .integer(count)
            .integer(0));
    stream.record(end);
  }

  /** Microseconds on the device of what was launched last and is done. */
  double micros() {
    return end.millisSince(begin) * 1e3;
  }
}
