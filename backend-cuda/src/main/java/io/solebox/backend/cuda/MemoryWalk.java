package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.trial.WalkDepth;
import io.solebox.engine.backend.trial.WalkResult;
import io.solebox.engine.backend.trial.WalkSample;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.backend.trial.WrongWord;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes all memory that is free, and writes patterns over it and reads them back. Each pattern is
 * written everywhere before any of it is read, so that two addresses of one cell are found. Made
 * and used up for one walk.
 */
final class MemoryWalk implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 6;
  private static final int LOAD_BYTES = 16;

  /** As in {@code memory_walk.cu}. */
  private static final int FIRST_WORD = 4;

  private static final int NAMED_WORDS = 4;
  private static final int FOUND_BYTES =
      Integer.BYTES * (FIRST_WORD + NAMED_WORDS * WalkResult.MOST_NAMED);

  /** Smaller holes are not worth looking for. */
  private static final long LEAST_PIECE = 1L << 20;

  /**
   * What is taken.
   *
   * @param reserveBytes left to the driver and to whoever else uses the device
   * @param pieceBytes of one allocation, which one launch walks
   */
  record Extent(long reserveBytes, long pieceBytes) {
    static Extent usual(long reserveBytes) {
      return new Extent(reserveBytes, 1L << 30);
    }
  }

  /**
   * Memory that is walked.
   *
   * @param from bytes before it
   */
  private record Piece(DeviceMemory memory, long from) {}

  private final CudaThread gpu;
  private final Kernels kernels;
  private final Extent extent;
  private final Owned owned;
  private final List<Piece> pieces = new ArrayList<>();
  private long bytes;
  private DeviceMemory found;
  private PinnedMemory foundHere;
  private Stream stream;
  private long wrongWords;
  private int wrongBits;
  private final List<WrongWord> first = new ArrayList<>();

  MemoryWalk(CudaThread gpu, Kernels kernels, Extent extent) {
    this.gpu = gpu;
    this.kernels = kernels;
    this.extent = extent;
    this.owned = new Owned(gpu);
  }

  /** Not on the GPU's thread, which it leaves to others between pieces. */
  WalkResult run(WalkDepth depth, Watch<WalkSample> watch) {
    long start = System.nanoTime();
    gpu.run(this::prepare);
    List<WalkPattern> patterns = WalkPattern.of(depth);
    var done = new ArrayList<String>();
    long walkStart = System.nanoTime();
    double seconds = 0;
    for (WalkPattern pattern : patterns) {
      long patternStart = System.nanoTime();
      if (!walk(pattern, watch)) {
        break;
      }
      long now = System.nanoTime();
      done.add(pattern.name());
      seconds = (now - walkStart) / 1e9;
      watch
          .samples()
          .accept(
              new WalkSample(
                  Duration.ofNanos(now - start),
                  pattern.name(),
                  (double) done.size() / patterns.size(),
                  2 * bytes / ((now - patternStart) / 1e9),
                  wrongWords));
    }
    return new WalkResult(
        Duration.ofNanos(System.nanoTime() - start),
        bytes,
        DeviceMemory.info(gpu).total() - bytes,
        done,
        done.isEmpty() ? 0 : 2.0 * bytes * done.size() / seconds,
        wrongWords,
        wrongBits,
        first,
        done.size() < patterns.size());
  }

  private void prepare() {
    stream = owned.stream();
    found = owned.device(FOUND_BYTES);
    foundHere = owned.pinned(FOUND_BYTES);
    long free = DeviceMemory.info(gpu).free();
    take(free - extent.reserveBytes());
    if (pieces.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.OUT_OF_MEMORY,
          "cuda:" + gpu.info().ordinal(),
          "Of the card's memory %,d MiB are free, of which %,d are left alone, so there is nothing"
                  .formatted(free >> 20, extent.reserveBytes() >> 20)
              + " to test.",
          "End what else uses the card.");
    }
  }

  /** In pieces that become smaller where memory is in holes. */
  private void take(long wished) {
    long piece = extent.pieceBytes();
    while (piece >= LEAST_PIECE && wished - bytes >= LEAST_PIECE) {
      long size = Math.min(piece, wished - bytes) / LEAST_PIECE * LEAST_PIECE;
      try {
        pieces.add(new Piece(owned.device(size), bytes));
        bytes += size;
      } catch (SoleboxException e) {
        if (e.code() != ErrorCode.OUT_OF_MEMORY) {
          throw e;
        }
        piece = size / 2;
      }
    }
  }

  /** False where it was stopped. */
  private boolean walk(WalkPattern pattern, Watch<WalkSample> watch) {
    for (Piece piece : pieces) {
      if (watch.stopped().getAsBoolean()) {
        return false;
      }
      gpu.run(() -> write(pattern, piece));
    }
    for (Piece piece : pieces) {
      if (watch.stopped().getAsBoolean()) {
        return false;
      }
      gpu.run(() -> read(pattern, piece));
    }
    return true;
  }

  private void write(WalkPattern pattern, Piece piece) {
    launch("walk_write", new Arguments(Arena.ofAuto(), 6).start(), pattern, piece);
    stream.synchronize();
  }

  private void read(WalkPattern pattern, Piece piece) {
    foundHere.segment().fill((byte) 0);
    stream.upload(foundHere.segment(), found.address());
    launch("walk_read", new Arguments(Arena.ofAuto(), 7).start().pointer(found), pattern, piece);
    stream.download(found.address(), foundHere.segment());
    stream.synchronize();
    count(pattern, piece);
  }

  private void launch(String entry, Arguments arguments, WalkPattern pattern, Piece piece) {
    arguments
        .pointer(piece.memory())
        .longInteger(piece.from() / Integer.BYTES)
        .longInteger(piece.memory().bytes() / LOAD_BYTES)
        .integer(pattern.kind().ordinal())
        .integer(pattern.seed())
        .integer(pattern.invert());
    int blocks = BLOCKS_PER_MULTIPROCESSOR * kernels.multiprocessors();
    stream.launch(kernels.get("memory_walk", entry), Grid.of(blocks, THREADS), arguments);
  }

  private void count(WalkPattern pattern, Piece piece) {
    long now = Integer.toUnsignedLong(word(0));
    wrongWords += now;
    wrongBits |= word(1);
    for (int i = 0; i < now && i < WalkResult.MOST_NAMED; i++) {
      if (first.size() < WalkResult.MOST_NAMED) {
        first.add(named(pattern, piece, FIRST_WORD + NAMED_WORDS * i));
      }
    }
  }

  private WrongWord named(WalkPattern pattern, Piece piece, int at) {
    long index = Integer.toUnsignedLong(word(at)) | (long) word(at + 1) << Integer.SIZE;
    long offset = index * Integer.BYTES;
    long address = piece.memory().address() + offset - piece.from();
    return new WrongWord(pattern.name(), offset, address, word(at + 2), word(at + 3));
  }

  private int word(int index) {
    return foundHere.segment().getAtIndex(ValueLayout.JAVA_INT, index);
  }

  @Override
  public void close() {
    owned.close();
  }
}
