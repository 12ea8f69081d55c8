package io.solebox.hardware.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks all sources at each interval, and takes what has arrived. */
public final class PollingSampler implements Sampler {
  private final Supplier<List<Source>> search;
  private final SamplerPace pace;
  private final Thread thread;
  private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
  private final Object monitor = new Object();

  /** By the names of sources; those of the sampler's thread. */
  private final Map<String, Lane> lanes = new LinkedHashMap<>();

  private boolean closed;
  private volatile Snapshot latest;

  private PollingSampler(Supplier<List<Source>> search, SamplerPace pace) {
    this.search = search;
    this.pace = pace;
    search();
    this.latest = snapshot(pace.firstPatience());
    this.thread = Thread.ofPlatform().daemon().name("sampler").unstarted(this::run);
  }

  /**
   * Begins, and returns with a first snapshot.
   *
   * @param search finds the sources of a machine; another one whose name is known is closed, unless
   *     that one has gone silent
   */
  public static PollingSampler start(Supplier<List<Source>> search, SamplerPace pace) {
    PollingSampler sampler = new PollingSampler(search, pace);
    sampler.thread.start();
    return sampler;
  }

  private void search() {
    for (Source source : search.get()) {
      Lane lane = lanes.computeIfAbsent(source.name(), _ -> new Lane(source, this::hear));
      if (!lane.isOf(source) && !lane.follow(source)) {
        source.close();
      }
    }
  }

  private void hear() {
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  private void run() {
    long next = System.nanoTime() + pace.interval().toNanos();
    long nextSearch = System.nanoTime() + pace.search().toNanos();
    while (waited(next)) {
      if (System.nanoTime() - nextSearch >= 0) {
        search();
        nextSearch = System.nanoTime() + pace.search().toNanos();
      }
      latest = snapshot(pace.patience());
      listeners.forEach(listener -> listener.accept(latest));
      // A machine that slept is not asked for what it missed.
      next = Math.max(next + pace.interval().toNanos(), System.nanoTime());
    }
    lanes.values().forEach(Lane::close);
  }

  /** Whether it is to go on at a time. */
  private boolean waited(long until) {
    synchronized (monitor) {
      long left = until - System.nanoTime();
      while (!closed && left > 0) {
        await(left);
        left = until - System.nanoTime();
      }
      return !closed;
    }
  }

  /** Under the monitor. */
  private void await(long nanos) {
    try {
      monitor.wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
    } catch (InterruptedException e) {
      closed = true; // nobody interrupts it but to end it
    }
  }

  private Snapshot snapshot(Duration patience) {
    long begin = System.nanoTime();
    lanes.values().forEach(lane -> lane.ask(begin));
    long end = begin + patience.toNanos();
    synchronized (monitor) {
      while (!closed && end - System.nanoTime() > 0 && !settled()) {
        await(Math.max(1, end - System.nanoTime()));
      }
    }
    long now = System.nanoTime();
    List<DeviceReading> devices = new ArrayList<>();
    lanes.values().forEach(lane -> devices.addAll(lane.readings(now)));
    return new Snapshot(
        Instant.now(), lanes.values().stream().map(lane -> lane.state(now)).toList(), devices);
  }

  private boolean settled() {
    long now = System.nanoTime();
    return lanes.values().stream().allMatch(lane -> lane.settled(now));
  }

  @Override
  public Snapshot latest() {
    return latest;
  }

  @Override
  public Subscription subscribe(Consumer<Snapshot> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    synchronized (monitor) {
      closed = true;
      monitor.notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
