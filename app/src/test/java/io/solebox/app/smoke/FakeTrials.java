package io.solebox.app.smoke;

import io.solebox.engine.backend.trial.Burn;
import io.solebox.engine.backend.trial.BurnResult;
import io.solebox.engine.backend.trial.BurnSample;
import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.CopySample;
import io.solebox.engine.backend.trial.DeviceTrials;
import io.solebox.engine.backend.trial.WalkDepth;
import io.solebox.engine.backend.trial.WalkResult;
import io.solebox.engine.backend.trial.WalkSample;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.backend.trial.WrongElement;
import io.solebox.engine.backend.trial.WrongWord;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A card that gives what it was told to, at once. */
final class FakeTrials implements DeviceTrials {
  static final Burn MATRIX = new Burn(Burn.Numbers.F16, Burn.Unit.MATRIX);
  static final Copy UP = new Copy(Copy.Direction.TO_DEVICE, Copy.HostMemory.PINNED);
  static final Copy SLOW_UP = new Copy(Copy.Direction.TO_DEVICE, Copy.HostMemory.PAGEABLE);

  double operations = 100e12;
  double bytes = 12e9;
  long wrongElements;
  long wrongWords;
  boolean isLost;

  /** Done in the middle of a burn, as what comes from outside. */
  Runnable meanwhile = () -> {};

  final AtomicInteger burned = new AtomicInteger();
  final AtomicInteger walked = new AtomicInteger();

  @Override
  public List<Burn> burns() {
    return List.of(MATRIX);
  }

  @Override
  public BurnResult burn(Burn burn, Duration time, Watch<BurnSample> watch) {
    burned.incrementAndGet();
    long pass = 0;
    boolean stopped = false;
    for (long second = 1; second <= time.toSeconds() && !stopped; second++) {
      watch.samples().accept(new BurnSample(Duration.ofSeconds(second), operations, wrongElements));
      pass++;
      meanwhile.run();
      stopped = watch.stopped().getAsBoolean();
    }
    if (isLost) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE, "cuda:0", "It fell off the bus.", "Look at its power.");
    }
    return new BurnResult(
        burn,
        Duration.ofSeconds(pass),
        operations / 2, // with the first seconds, in which clocks rise
        pass,
        1000 * pass,
        wrongElements,
        wrongElements > 0 ? Optional.of(new WrongElement(3, 17, 5, 9, 4, 4.5)) : Optional.empty(),
        stopped);
  }

  @Override
  public WalkResult walk(WalkDepth depth, Watch<WalkSample> watch) {
    walked.incrementAndGet();
    return new WalkResult(
        Duration.ofSeconds(1),
        30L << 30,
        2L << 30,
        List.of("own address"),
        5e11,
        wrongWords,
        wrongWords > 0 ? 4 : 0,
        wrongWords > 0
            ? List.of(new WrongWord("own address", 0x40, 0x7f0040, 0x40, 0x44))
            : List.of(),
        false);
  }

  @Override
  public List<Copy> copies() {
    return List.of(UP, SLOW_UP);
  }

  @Override
  public CopyResult copy(Copy copy, Duration time, Watch<CopySample> watch) {
    return new CopyResult(copy, time, 1 << 20, bytes, 0, false);
  }

  /** How its memory is read. */
  static Supplier<OptionalDouble> reads(double bytesPerSecond) {
    return () -> OptionalDouble.of(bytesPerSecond);
  }
}
