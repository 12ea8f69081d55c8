package io.solebox.app.smoke;

import io.solebox.app.bench.report.Recorder;
import io.solebox.hardware.guard.Limits;
import io.solebox.hardware.smoke.SmokeGuard;
import io.solebox.hardware.smoke.WorkFacts;
import io.solebox.hardware.smoke.WorkFacts.Look;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Looks at the cards while they work, writes down what it sees, and says when to stop: the guard's
 * reasons, or a person's wish. The sampler's thread looks; trials ask.
 */
final class Watchman implements AutoCloseable {
  /** Shortly before the work, for how its first seconds differ. */
  private static final double BEFORE_SECONDS = 5;

  /** Whoever has not looked for so long does not watch. */
  private static final long LOST_NANOS = Duration.ofSeconds(10).toNanos();

  private final Sampler sampler;
  private final Recorder recorder;
  private final SmokeGuard guard;
  private final BooleanSupplier wish;
  private final LongSupplier clock;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile long looked;

  /**
   * @param sampler closed with this
   * @param wish whether somebody wants it to end
   * @param clock in nanoseconds, which never goes back
   */
  Watchman(Sampler sampler, SmokeGuard guard, BooleanSupplier wish, LongSupplier clock) {
    this.sampler = sampler;
    this.guard = guard;
    this.wish = wish;
    this.clock = clock;
    this.recorder = Recorder.of(sampler);
    look(sampler.latest());
    sampler.subscribe(this::look);
  }

  /** What has ended it stays, whatever becomes of the cause. */
  private synchronized void look(Snapshot snapshot) {
    looked = clock.getAsLong();
    Optional<String> now = guard.observe(snapshot, looked);
    trouble = trouble.or(() -> now);
    notifyAll();
  }

  /** Waits until so many GPUs have said something, at most for a time: drivers begin slowly. */
  synchronized void await(int gpus, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    long left = end - System.nanoTime();
    while (sampler.latest().gpus().size() < gpus && left > 0 && !wish.getAsBoolean()) {
      wait(Math.clamp(left / 1_000_000, 1, 100)); // a wish wakes nobody
      left = end - System.nanoTime();
    }
  }

  /** Why it ends; empty while it goes on. */
  Optional<String> aborted() {
    long silent = clock.getAsLong() - looked;
    if (trouble.isEmpty() && silent > LOST_NANOS) {
      return Optional.of(
          "nobody has looked at the cards for %d s".formatted(silent / 1_000_000_000));
    }
    return trouble.or(
        () -> wish.getAsBoolean() ? Optional.of("somebody has ended it") : Optional.empty());
  }

  boolean isStopped() {
    return aborted().isPresent();
  }

  Snapshot latest() {
    return sampler.latest();
  }

  Recorder recorder() {
    return recorder;
  }

  /** What a card's sensors said from one second of the run to another. */
  WorkFacts work(DeviceReading card, double from, double to) {
    List<Look> looks = new ArrayList<>();
    for (Recorder.Taken each : recorder.taken()) {
      if (each.second() >= from - BEFORE_SECONDS && each.second() <= to) {
        each.snapshot()
            .device(card.kind(), card.id())
            .ifPresent(seen -> looks.add(new Look(each.second() - from, seen)));
      }
    }
    Limits limits = guard.limits(sampler.latest(), card.id());
    return WorkFacts.of(looks, limits);
  }

  /** What a card's sensors said first. */
  Optional<DeviceReading> first(DeviceReading card) {
    return recorder.taken().stream()
        .findFirst()
        .flatMap(each -> each.snapshot().device(card.kind(), card.id()));
  }

  @Override
  public void close() {
    recorder.close();
  }
}
