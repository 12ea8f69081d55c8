package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.Copy.Direction;
import io.solebox.engine.backend.trial.Copy.HostMemory;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Copies between host memory and the card again and again, and looks whether what arrives is what
 * was sent. Made and used up for one kind of copies.
 */
final class CopyMeter implements AutoCloseable {
  /** Long enough that a copy's begin is nothing, short enough that the slowest link soon stops. */
  static final long USUAL_BYTES = 32L << 20;

  private static final long LEAST_BYTES = 1L << 20;

  /** What a row of copies between two looks should take. */
  private static final double ROW_SECONDS = 0.05;

  private static final int MOST_COPIES = 128;
  private static final long SEED = 20_261_130;

  private final CudaThread gpu;
  private final Copy copy;
  private final Owned owned;
  private final Arena arena = Arena.ofShared();
  private final long bytes;

  /** From the host to the card, and back: what is sent, and what arrives. */
  private MemorySegment sent;

  private MemorySegment arrived;
  private DeviceMemory written;
  private DeviceMemory read;
  private Stream to;
  private Stream from;
  private int copies = 1;

  /**
   * @param wishedBytes of a copy; less where the card has no room
   */
  CopyMeter(CudaThread gpu, Copy copy, long wishedBytes) {
    this.gpu = gpu;
    this.copy = copy;
    this.owned = new Owned(gpu);
    this.bytes = Math.min(wishedBytes, room(gpu));
  }

  /**
   * Bytes of each of two buffers that leave as much free on the card.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY} where that is next to nothing
   */
  static long room(CudaThread gpu) {
    long room = DeviceMemory.info(gpu).free() / 4 / LEAST_BYTES * LEAST_BYTES;
    if (room == 0) {
      throw new SoleboxException(
          ErrorCode.OUT_OF_MEMORY,
          "cuda:" + gpu.info().ordinal(),
          "There is no room for copies on the card.",
          "End what else uses the card.");
    }
    return room;
  }

  static List<Copy> kinds() {
    return List.of(
        new Copy(Direction.TO_DEVICE, HostMemory.PINNED),
        new Copy(Direction.FROM_DEVICE, HostMemory.PINNED),
        new Copy(Direction.BOTH, HostMemory.PINNED),
        new Copy(Direction.TO_DEVICE, HostMemory.PAGEABLE),
        new Copy(Direction.FROM_DEVICE, HostMemory.PAGEABLE));
  }

  /** Makes what it copies from and to, and copies once. Not on the GPU's thread. */
  void prepare() {
    gpu.run(
        () -> {
          to = owned.stream();
          from = owned.stream();
          written = owned.device(bytes);
          read = owned.device(bytes);
          sent = host();
          arrived = host();
        });
    var random = new SplittableRandom(SEED);
    for (long i = 0; i < bytes / Long.BYTES; i++) {
      sent.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextLong());
    }
    gpu.run(
        () -> {
          toCard(read);
          to.fill(written.address(), (byte) 0, bytes);
          to.synchronize();
        });
    arrived.fill((byte) 0);
    gpu.run(this::once);
  }

  private MemorySegment host() {
    return switch (copy.memory()) {
      case PINNED -> owned.pinned(bytes).segment();
      case PAGEABLE -> arena.allocate(bytes, Long.BYTES);
    };
  }

  /**
   * Not on the GPU's thread, which it leaves to others between rows of copies.
   *
   * @param samples how long it has copied, and bytes per second in each direction of late
   */
  CopyResult run(Duration time, BiConsumer<Duration, Double> samples, BooleanSupplier stop) {
    long start = System.nanoTime();
    double moved = 0;
    Duration elapsed;
    boolean stopped;
    do {
      long rowStart = System.nanoTime();
      gpu.run(this::row);
      long now = System.nanoTime();
      elapsed = Duration.ofNanos(now - start);
      double rowBytes = (double) copies * bytes;
      double rowSeconds = (now - rowStart) / 1e9;
      moved += rowBytes;
      samples.accept(elapsed, rowBytes / rowSeconds);
      copies = (int) Math.clamp(copies * ROW_SECONDS / rowSeconds, 1, MOST_COPIES);
      stopped = stop.getAsBoolean();
    } while (!stopped && elapsed.compareTo(time) < 0);
    double rate = moved / (elapsed.toNanos() / 1e9);
    return new CopyResult(copy, elapsed, bytes, rate, gpu.call(this::wrongBytes), stopped);
  }

  private void row() {
    for (int i = 0; i < copies; i++) {
      queue();
    }
    to.synchronize();
    from.synchronize();
  }

  private void once() {
    queue();
    to.synchronize();
    from.synchronize();
  }

  private void queue() {
    switch (copy.direction()) {
      case TO_DEVICE -> toCard(written);
      case FROM_DEVICE -> fromCard(read);
      case BOTH -> {
        toCard(written);
        fromCard(read);
      }
    }
  }

  private void toCard(DeviceMemory memory) {
    switch (copy.memory()) {
      case PINNED -> to.upload(sent, memory.address());
      case PAGEABLE -> memory.write(sent);
    }
  }

  private void fromCard(DeviceMemory memory) {
    switch (copy.memory()) {
      case PINNED -> from.download(memory.address(), arrived);
      case PAGEABLE -> memory.read(arrived);
    }
  }

  /** Of those that the last copies brought. */
  private long wrongBytes() {
    long wrong = copy.direction() == Direction.TO_DEVICE ? 0 : differing();
    if (copy.direction() != Direction.FROM_DEVICE) {
      fromCard(written);
      from.synchronize();
      wrong += differing();
    }
    return wrong;
  }

  private long differing() {
    long wrong = 0;
    long at = 0;
    while (true) {
      long next = MemorySegment.mismatch(sent, at, bytes, arrived, at, bytes);
      if (next < 0) {
        return wrong;
      }
      wrong++;
      at += next + 1;
    }
  }

  @Override
  public void close() {
    owned.close();
    arena.close();
  }
}
