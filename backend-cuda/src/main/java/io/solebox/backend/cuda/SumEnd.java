package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Graph;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** What one card has to do where sums are measured. Not on a GPU's thread. */
final class SumEnd implements AutoCloseable {
  private static final int ARGUMENTS = 5;

  private final CudaThread gpu;
  private final Owned owned;
  private final Seat seat;
  private final long floats;
  private final int repetitions;
  private final DeviceMemory x;
  private final DeviceMemory out;
  private final PinnedMemory host;
  private final Stream stream;
  private final Event begin;
  private final Event end;
  private final Graph once;
  private final Graph often;

  /**
   * @param repetitions of the sum in a round
   */
  SumEnd(Peers peers, Seat seat, long bytes, int repetitions) {
    this.gpu = peers.gpu();
    this.owned = new Owned(gpu);
    this.seat = seat;
    this.floats = bytes / Float.BYTES;
    this.repetitions = repetitions;
    try {
      x = gpu.call(() -> owned.device(bytes));
      out = gpu.call(() -> owned.device(bytes));
      host = gpu.call(() -> owned.pinned(Float.BYTES));
      stream = gpu.call(owned::stream);
      begin = gpu.call(owned::event);
      end = gpu.call(owned::event);
      var sums = new Sums(peers.kernels(), seat, stream::launch);
      once = gpu.call(() -> capture(sums, 1));
      often = gpu.call(() -> capture(sums, repetitions));
    } catch (Throwable t) {
      gpu.run(owned::close);
      throw t;
    }
  }

  private Graph capture(Sums sums, int times) {
    var arguments = new Arguments(Arena.ofAuto(), ARGUMENTS);
    var operands = new Sums.Operands(out.address(), x.address(), 0);
    sums.kernels().get("all_reduce", "all_reduce_one_shot"); // none may be compiled in a capture
    return owned.capture(
        stream,
        () -> {
          for (int i = 0; i < times; i++) {
            sums.launch(arguments, operands, floats);
          }
        });
  }

  /** Every byte of its part is this. */
  void fill(byte value) {
    gpu.run(
        () -> {
          stream.fill(x.address(), value, x.bytes());
          stream.fill(out.address(), (byte) 0, out.bytes());
          stream.synchronize();
        });
  }

  /** Takes part in a round; seconds that a sum took, once all had come. */
  double round() {
    double seconds =
        gpu.call(
            () -> {
              stream.launch(once);
              stream.record(begin);
              stream.launch(often);
              stream.record(end);
              stream.synchronize();
              return end.millisSince(begin) / 1e3 / repetitions;
            });
    seat.requireSummed();
    return seconds;
  }

  /** Of the result, its last element. */
  float last() {
    return gpu.call(
        () -> {
          stream.download(out.address() + Float.BYTES * (floats - 1), host.segment());
          stream.synchronize();
          return host.segment().get(ValueLayout.JAVA_FLOAT, 0);
        });
  }

  @Override
  public void close() {
    gpu.run(owned::close);
  }
}
