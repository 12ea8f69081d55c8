package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.backend.cuda.driver.Target;
import io.solebox.engine.backend.trial.Burn;
import io.solebox.engine.backend.trial.BurnResult;
import io.solebox.engine.backend.trial.BurnSample;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.backend.trial.WrongElement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Has all multiprocessors multiply from registers ({@code burn.cu}), pass after pass, and reads
 * after each what was wrong. Made and used up for one burn.
 */
final class BurnMeter implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int WARP = 32;
  private static final int BLOCKS_PER_MULTIPROCESSOR = 2;
  private static final int FOUND_WORDS = 8;

  /** A pass may not become longer at once than by this. */
  private static final int MOST_GROWTH = 8;

  private static final int MOST_CHECKS = 1 << 16;

  /**
   * How long it computes between looks.
   *
   * @param rounds from zeros until results are compared; at most {@link BurnPattern#MOST_ROUNDS}
   * @param pass what a launch should take, since nothing ends one
   */
  record Pace(int rounds, Duration pass) {
    static final Pace USUAL = new Pace(1000, Duration.ofMillis(50));
  }

  private final CudaThread gpu;
  private final Kernels kernels;
  private final Burn burn;
  private final Pace pace;
  private final int sums;
  private final int blocks;
  private final Owned owned;
  private DeviceMemory found;
  private PinnedMemory foundHere;
  private DeviceMemory operands;
  private DeviceMemory expected;
  private Stream stream;
  private Event begin;
  private Event end;
  private int checks = 1;
  private long passes;
  private long checked;
  private long wrong;
  private double operations;
  private double seconds;
  private Optional<WrongElement> firstWrong = Optional.empty();

  BurnMeter(CudaThread gpu, Kernels kernels, Burn burn, Pace pace) {
    this.gpu = gpu;
    this.kernels = kernels;
    this.burn = burn;
    this.pace = pace;
    sums = burn.unit() == Burn.Unit.MATRIX ? 4 : 1; // as in burn.cu
    blocks = BLOCKS_PER_MULTIPROCESSOR * kernels.multiprocessors();
    owned = new Owned(gpu);
  }

  /** What the kernels of a GPU can compute. */
  static List<Burn> burns(Target target) {
    boolean bytes = target != Target.SM_70;
    return List.of(
        new Burn(Burn.Numbers.F32, Burn.Unit.LANES),
        new Burn(Burn.Numbers.INT8, bytes ? Burn.Unit.MATRIX : Burn.Unit.LANES),
        new Burn(Burn.Numbers.F16, Burn.Unit.MATRIX));
  }

  /** Not on the GPU's thread, which it leaves to others between passes. */
  BurnResult run(Duration time, Watch<BurnSample> watch) {
    gpu.run(this::prepare);
    long start = System.nanoTime();
    Duration elapsed;
    boolean stopped;
    do {
      double rate = gpu.call(this::pass);
      elapsed = Duration.ofNanos(System.nanoTime() - start);
      watch.samples().accept(new BurnSample(elapsed, rate, wrong));
      stopped = watch.stopped().getAsBoolean();
    } while (!stopped && elapsed.compareTo(time) < 0);
    return new BurnResult(
        burn, elapsed, operations / seconds, passes, checked, wrong, firstWrong, stopped);
  }

  private void prepare() {
    BurnPattern pattern = BurnPattern.of(burn.numbers(), sums, pace.rounds());
    stream = owned.stream();
    begin = owned.event();
    end = owned.event();
    operands = uploaded(pattern.operands());
    expected = uploaded(pattern.expected());
    found = owned.device((long) Integer.BYTES * FOUND_WORDS);
    foundHere = owned.pinned((long) Integer.BYTES * FOUND_WORDS);
  }

  private DeviceMemory uploaded(int[] words) {
    MemorySegment from = MemorySegment.ofArray(words);
    PinnedMemory pinned = owned.pinned(from.byteSize());
    pinned.segment().copyFrom(from);
    DeviceMemory to = owned.device(from.byteSize());
    stream.upload(pinned.segment(), to.address());
    return to;
  }

  /** Operations per second of this pass. */
  private double pass() {
    var arguments =
        new Arguments(Arena.ofAuto(), 5)
            .start()
            .pointer(found)
            .pointer(operands)
            .pointer(expected)
            .integer(pace.rounds())
            .integer(checks);
    foundHere.segment().fill((byte) 0);
    stream.upload(foundHere.segment(), found.address());
    stream.record(begin);
    stream.launch(
        kernels.get("burn", "burn_" + burn.numbers().wireName()),
        Grid.of(blocks, THREADS),
        arguments);
    stream.record(end);
    stream.download(found.address(), foundHere.segment());
    stream.synchronize();
    return count(end.millisSince(begin) / 1e3);
  }

  private double count(double took) {
    long warps = (long) blocks * (THREADS / WARP);
    double done =
        (double) warps
            * checks
            * pace.rounds()
            * BurnPattern.operationsPerRound(burn.numbers(), sums);
    checked += warps * checks * sums * BurnPattern.SIDE * BurnPattern.SIDE;
    operations += done;
    seconds += took;
    long now = Integer.toUnsignedLong(word(0));
    if (now > 0 && firstWrong.isEmpty()) {
      firstWrong = Optional.of(found());
    }
    wrong += now;
    passes++;
    double wished = checks * (pace.pass().toNanos() / 1e9) / took;
    checks = (int) Math.clamp(wished, 1, Math.min(MOST_CHECKS, (double) MOST_GROWTH * checks));
    return done / took;
  }

  /** The tiles B side by side. */
  private WrongElement found() {
    int column = word(3) * BurnPattern.SIDE + word(5);
    return new WrongElement(passes, word(2), word(4), column, value(word(6)), value(word(7)));
  }

  private int word(int index) {
    return foundHere.segment().getAtIndex(ValueLayout.JAVA_INT, index);
  }

  private double value(int bits) {
    return switch (burn.numbers()) {
      case INT8 -> bits;
      case F16, F32 -> Float.intBitsToFloat(bits);
    };
  }

  @Override
  public void close() {
    owned.close();
  }
}
