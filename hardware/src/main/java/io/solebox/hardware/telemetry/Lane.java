package io.solebox.hardware.telemetry;

import io.solebox.hardware.telemetry.DeviceReading.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One source as time goes by: it is asked by a thread of its own, one question at a time, and what
 * it last said of each value is kept with its age until it is too old. All but the reading is done
 * by the sampler's thread.
 *
 * <p>The thread is one of the platform: a read that the kernel does not come back from would hold
 * up a carrier of virtual ones.
 */
final class Lane {
  private static final long MILLI = 1_000_000;

  /** A device at a place. */
  private record Key(Kind kind, String id) {}

  /** When something was said. */
  private record Stamped(Measured.Value value, long nanos) {}

  /** What is kept of a device. */
  private static final class Memory {
    DeviceReading last;
    final Map<Metric, Stamped> values = new EnumMap<>(Metric.class);

    Memory(DeviceReading last) {
      this.last = last;
    }
  }

  /** An answer, and when it came. */
  private record Heard(Source.Answer answer, long nanos) {}

  /** Written by the sampler's thread; another one while nothing is asked. */
  private volatile Source source;

  private final Thread thread;
  private final Runnable news;
  private final Map<Key, Memory> devices = new LinkedHashMap<>();
  private final Object monitor = new Object();
  private boolean wanted;
  private boolean closed;

  /** Written by the source's thread, under the monitor. */
  private List<Heard> arrived = new ArrayList<>();

  private long askedNanos;
  private boolean asking;
  private OptionalLong answeredNanos = OptionalLong.empty();
  private String why = "";

  /**
   * @param news is run by the source's thread once there is an answer
   */
  Lane(Source source, Runnable news) {
    this.source = source;
    this.news = news;
    this.thread = Thread.ofPlatform().daemon().name("sensor-" + source.name()).unstarted(this::run);
    thread.start();
  }

  private void run() {
    try {
      while (awaitQuestion()) {
        Source.Answer answer = answer();
        synchronized (monitor) {
          arrived.add(new Heard(answer, System.nanoTime()));
        }
        news.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private Source.Answer answer() throws InterruptedException {
    try {
      return source.read();
    } catch (RuntimeException e) {
      // A mistake of ours must not pass for a cool machine.
      return new Source.Answer.Silence("an error in Solebox itself: " + e);
    }
  }

  private boolean awaitQuestion() throws InterruptedException {
    synchronized (monitor) {
      while (!wanted && !closed) {
        monitor.wait();
      }
      wanted = false;
      return !closed;
    }
  }

  boolean isOf(Source other) {
    return source == other;
  }

  /**
   * Takes the place of a source that says nothing, as of a chip that the kernel has numbered anew;
   * what was known stays.
   *
   * @return whether it does
   */
  boolean follow(Source next) {
    hear();
    if (asking || why.isEmpty()) {
      return false;
    }
    source.close();
    source = next;
    return true;
  }

  /** Asks, unless the last question is still open. */
  void ask(long nanos) {
    hear();
    if (!asking) {
      asking = true;
      askedNanos = nanos;
      synchronized (monitor) {
        wanted = true;
        monitor.notifyAll();
      }
    }
  }

  /** Whether there is nothing to wait for: it has answered, or had its time. */
  boolean settled(long nanos) {
    hear();
    return !asking || isLate(nanos);
  }

  private boolean isLate(long nanos) {
    return asking && nanos - askedNanos > source.deadline().toNanos();
  }

  private void hear() {
    List<Heard> heard;
    synchronized (monitor) {
      heard = arrived;
      arrived = new ArrayList<>();
    }
    for (Heard each : heard) {
      asking = false;
      switch (each.answer()) {
        case Source.Answer.Readings(List<DeviceReading> readings) -> {
          why = "";
          answeredNanos = OptionalLong.of(each.nanos());
          keep(readings, each.nanos());
        }
        case Source.Answer.Silence(String reason) -> {
          why = reason;
          devices.values().forEach(device -> device.last = silent(device.last, reason));
        }
      }
    }
  }

  private void keep(List<DeviceReading> readings, long nanos) {
    Map<Key, DeviceReading> said = new LinkedHashMap<>();
    readings.forEach(each -> said.put(new Key(each.kind(), each.id()), each));
    devices.forEach(
        (key, device) -> {
          if (!said.containsKey(key)) {
            device.last = silent(device.last, "it is there no more");
          }
        });
    said.forEach(
        (key, reading) -> {
          Memory device = devices.computeIfAbsent(key, _ -> new Memory(reading));
          device.last = reading;
          device.values.keySet().retainAll(reading.values().keySet());
          reading
              .values()
              .forEach(
                  (metric, measured) -> {
                    if (measured instanceof Measured.Value value) {
                      device.values.put(metric, new Stamped(value, nanos));
                    }
                  });
        });
  }

  private static DeviceReading silent(DeviceReading device, String why) {
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    device.values().keySet().forEach(metric -> values.put(metric, Measured.missing(why)));
    return device.with(values);
  }

  /** How it is. */
  SourceState state(long nanos) {
    hear();
    OptionalLong age =
        answeredNanos.isPresent()
            ? OptionalLong.of((nanos - answeredNanos.getAsLong()) / MILLI)
            : OptionalLong.empty();
    if (isLate(nanos)) {
      return new SourceState(source.name(), SourceState.State.LATE, age, lateness(nanos));
    }
    if (!why.isEmpty()) {
      return new SourceState(source.name(), SourceState.State.SILENT, age, why);
    }
    return new SourceState(
        source.name(),
        answeredNanos.isPresent() ? SourceState.State.ANSWERS : SourceState.State.ASKED,
        age,
        "");
  }

  private String lateness(long nanos) {
    return "no answer for %d s".formatted(Duration.ofNanos(nanos - askedNanos).toSeconds());
  }

  /** What it last said of each device, with the age of each value. */
  List<DeviceReading> readings(long nanos) {
    hear();
    return devices.values().stream().map(device -> reading(device, nanos)).toList();
  }

  private DeviceReading reading(Memory device, long nanos) {
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    device
        .last
        .values()
        .forEach(
            (metric, measured) ->
                values.put(
                    metric,
                    Optional.ofNullable(device.values.get(metric))
                        .map(kept -> aged(kept, measured, nanos))
                        .orElse(measured)));
    return device.last.with(values);
  }

  private Measured aged(Stamped kept, Measured said, long nanos) {
    long age = kept.value().ageMillis() + (nanos - kept.nanos()) / MILLI;
    if (age <= source.tooOld().toMillis()) {
      return new Measured.Value(kept.value().value(), age);
    }
    String reason = said instanceof Measured.Missing(String missing) ? missing : lateness(nanos);
    return Measured.missing("%s; its last value is %d s old".formatted(reason, age / 1000));
  }

  /** Asks no more; a question that is open is left to itself. */
  void close() {
    synchronized (monitor) {
      closed = true;
      monitor.notifyAll();
    }
    thread.interrupt();
    source.close();
  }
}
