package io.solebox.app.bench.report;

import io.solebox.hardware.telemetry.BoxEnergy;
import io.solebox.hardware.telemetry.BoxEnergy.By;
import io.solebox.hardware.telemetry.PollingSampler;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.hardware.telemetry.SamplerPace;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes down what the machine's sensors say while it is measured, and what was done meanwhile. The
 * sampler's thread adds, the bench's reads.
 */
public final class Recorder implements AutoCloseable {
  /** Fewer snapshots in a window say nothing of it. */
  private static final int LEAST_SNAPSHOTS = 3;

  private final Sampler sampler;
  private final long begin = System.nanoTime();
  private final BoxEnergy energy = new BoxEnergy(); // guarded by this, as all that follows
  private final Map<By, Double> joules = new EnumMap<>(By.class);
  private final List<Taken> taken = new ArrayList<>();
  private final List<Trace.Stage> stages = new ArrayList<>();
  private Optional<Open> open = Optional.empty();

  /** A stage that goes on. */
  private record Open(String name, double from) {}

  /**
   * What was known at a second.
   *
   * @param by what measured the power of the machine; empty where nothing does
   * @param joules so far, by the same means
   */
  public record Taken(double second, Snapshot snapshot, Optional<By> by, double joules) {}

  /** What a window took. */
  public record Drawn(By by, double joules) {}

  private Recorder(Sampler sampler) {
    this.sampler = sampler;
  }

  public static Recorder begin(Supplier<List<Source>> sources, Duration interval) {
    return of(PollingSampler.start(sources, SamplerPace.every(interval)));
  }

  /**
   * The same of a sampler that has begun.
   *
   * @param sampler closed with this
   */
  public static Recorder of(Sampler sampler) {
    var recorder = new Recorder(sampler);
    recorder.take(recorder.sampler.latest());
    recorder.sampler.subscribe(recorder::take);
    return recorder;
  }

  /** Since it began. */
  public double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  private synchronized void take(Snapshot snapshot) {
    Optional<BoxEnergy.Drawn> drawn = energy.observe(snapshot);
    drawn.ifPresent(now -> joules.merge(now.by(), now.joules(), Double::sum));
    double sum = drawn.map(now -> joules.get(now.by())).orElse(0.0);
    taken.add(new Taken(seconds(), snapshot, drawn.map(BoxEnergy.Drawn::by), sum));
  }

  /** From now on something else is done. */
  public synchronized void stage(String name) {
    end();
    open = Optional.of(new Open(name, seconds()));
  }

  private void end() {
    open.ifPresent(was -> stages.add(new Trace.Stage(was.name(), was.from(), seconds())));
    open = Optional.empty();
  }

  public synchronized List<Trace.Stage> stages() {
    return List.copyOf(stages);
  }

  public synchronized List<Taken> taken() {
    return List.copyOf(taken);
  }

  /** Of a window of time; empty where nothing measures it, or it is too short to tell. */
  public Optional<Drawn> drawn(double from, double to) {
    List<Taken> all = taken();
    List<Taken> inside =
        all.stream().filter(each -> each.second() >= from && each.second() <= to).toList();
    Optional<By> by = inside.stream().findFirst().flatMap(Taken::by);
    boolean isSame = inside.stream().allMatch(each -> each.by().equals(by));
    if (inside.size() < LEAST_SNAPSHOTS || by.isEmpty() || !isSame) {
      return Optional.empty();
    }
    double first = inside.getFirst().joules();
    double seconds = inside.getLast().second() - inside.getFirst().second();
    // As it was between the first and the last look into the window, for all of it.
    double watts = (inside.getLast().joules() - first) / seconds;
    return watts > 0 ? Optional.of(new Drawn(by.get(), watts * (to - from))) : Optional.empty();
  }

  /** No more is written down; what was stays. */
  @Override
  public void close() {
    sampler.close();
    synchronized (this) {
      end();
    }
  }
}
