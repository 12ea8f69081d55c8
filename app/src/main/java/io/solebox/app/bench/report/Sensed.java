package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Trace.Line;
import io.solebox.app.bench.report.Trace.Moment;
import io.solebox.app.bench.report.Trace.Silent;
import io.solebox.app.bench.report.Trace.What;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.EventReason;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SourceState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What was written down of a run, as lines of sensors. */
public final class Sensed {
  /** More points than a plot is wide are of no use. */
  private static final int MOST_MOMENTS = 400;

  private static final double THOUSAND = 1000;

  private final List<Recorder.Taken> taken;
  private final List<Trace.Stage> stages;

  public Sensed(List<Recorder.Taken> taken, List<Trace.Stage> stages) {
    this.taken = taken;
    this.stages = stages;
  }

  /** Which line a device's metric belongs to. */
  private record Key(String name, What what) {}

  public Trace trace() {
    var lines = new LinkedHashMap<Key, List<Moment>>();
    for (Recorder.Taken each : taken) {
      for (DeviceReading device : each.snapshot().devices()) {
        add(lines, each, device);
      }
    }
    return new Trace(
        stages,
        lines.entrySet().stream()
            .map(line -> new Line(line.getKey().name(), line.getKey().what(), few(line.getValue())))
            .toList(),
        silent());
  }

  private static void add(
      Map<Key, List<Moment>> lines, Recorder.Taken taken, DeviceReading device) {
    for (Metric metric : device.values().keySet()) {
      Optional<What> what = what(metric);
      OptionalDouble value = device.value(metric);
      if (what.isPresent() && value.isPresent()) {
        var key = new Key(name(taken.snapshot(), device) + part(metric), what.get());
        lines
            .computeIfAbsent(key, _ -> new ArrayList<>())
            .add(new Moment(rounded(taken.second()), rounded(value.getAsDouble())));
      }
    }
  }

  private static Optional<What> what(Metric metric) {
    if (metric == Metric.POWER_WATTS) {
      return Optional.of(What.POWER);
    }
    if (metric == Metric.SM_MEGAHERTZ) {
      return Optional.of(What.CLOCK);
    }
    boolean isHeat =
        metric == Metric.CELSIUS
            || metric == Metric.CORE_CELSIUS
            || metric == Metric.MEMORY_CELSIUS;
    return isHeat ? Optional.of(What.TEMPERATURE) : Optional.empty();
  }

  private static String part(Metric metric) {
    if (metric == Metric.CORE_CELSIUS) {
      return ", core";
    }
    return metric == Metric.MEMORY_CELSIUS ? ", memory" : "";
  }

  /** As people call it; cards by their place. */
  public static String name(Snapshot snapshot, DeviceReading device) {
    return switch (device.kind()) {
      case GPU ->
          "GPU " + snapshot.gpus().stream().map(DeviceReading::id).toList().indexOf(device.id());
      case CPU_POWER -> "processor, " + device.name() + zone(device.id());
      case PLUG -> "wall, " + device.name();
      case THERMAL_ZONE, HWMON, ONE_WIRE, NVME, CONTROLLER ->
          device.name().equals(device.id())
              ? device.name()
              : device.name() + " (" + device.id() + ")";
    };
  }

  /** Parts of a package are called alike in each: {@code intel-rapl:0:1}. */
  private static String zone(String id) {
    return id.indexOf(':') == id.lastIndexOf(':') ? "" : " (" + id + ")";
  }

  private static double rounded(double value) {
    return Math.rint(value * THOUSAND) / THOUSAND;
  }

  /** Means of neighbours where there are too many. */
  private static List<Moment> few(List<Moment> all) {
    int together = (all.size() + MOST_MOMENTS - 1) / MOST_MOMENTS;
    if (together <= 1) {
      return all;
    }
    var means = new ArrayList<Moment>();
    for (int i = 0; i < all.size(); i += together) {
      List<Moment> part = all.subList(i, Math.min(i + together, all.size()));
      double mean = part.stream().mapToDouble(Moment::value).average().orElseThrow();
      means.add(new Moment(part.getFirst().second(), rounded(mean)));
    }
    return means;
  }

  /** Of power each means by itself, since a reader asks for all three. */
  private List<Silent> silent() {
    Snapshot last = taken.getLast().snapshot();
    var silent = new ArrayList<Silent>();
    power(last, Kind.GPU, "nvml", "there is no GPU that NVML knows")
        .ifPresent(why -> silent.add(new Silent("Power of GPUs", why)));
    power(last, Kind.CPU_POWER, "rapl", "the kernel shows no RAPL here (/sys/class/powercap)")
        .ifPresent(why -> silent.add(new Silent("Power of the processor", why)));
    power(last, Kind.PLUG, "plug", "no plug is named in hardware.properties")
        .ifPresent(why -> silent.add(new Silent("Power at the wall", why)));
    boolean isWarm =
        last.devices().stream()
            .anyMatch(
                each ->
                    each.values().keySet().stream()
                        .filter(metric -> what(metric).equals(Optional.of(What.TEMPERATURE)))
                        .anyMatch(metric -> each.value(metric).isPresent()));
    if (!isWarm) {
      silent.add(new Silent("Temperatures", "no sensor of this machine tells one"));
    }
    return silent;
  }

  /** Why a kind of device tells no power; empty where it does. */
  private static Optional<String> power(Snapshot last, Kind kind, String source, String otherwise) {
    List<Measured> said =
        last.of(kind).stream().map(device -> device.measured(Metric.POWER_WATTS)).toList();
    if (said.stream().anyMatch(each -> each.asDouble().isPresent())) {
      return Optional.empty();
    }
    Optional<String> missing =
        said.stream()
            .filter(Measured.Missing.class::isInstance)
            .map(each -> ((Measured.Missing) each).why())
            .findFirst();
    Optional<String> ofSource =
        last.sources().stream()
            .filter(each -> each.name().startsWith(source))
            .map(SourceState::why)
            .filter(why -> !why.isEmpty())
            .findFirst();
    return Optional.of(missing.or(() -> ofSource).orElse(otherwise));
  }

  /** What held cards' clocks down, but for having nothing to do, and how often it was seen. */
  public List<String> heldDown() {
    var seen = new TreeMap<String, Integer>();
    for (Recorder.Taken each : taken) {
      for (DeviceReading card : each.snapshot().gpus()) {
        card.value(Metric.EVENT_REASONS_MASK).stream()
            .mapToObj(mask -> EventReason.of((long) mask))
            .flatMap(List::stream)
            .filter(reason -> reason.isTrouble() || reason == EventReason.POWER_CAP)
            .map(reason -> name(each.snapshot(), card) + ": " + reason.words())
            .forEach(words -> seen.merge(words, 1, Integer::sum));
      }
    }
    return seen.entrySet().stream()
        .map(
            each ->
                "Clocks were held down, %s, at %d of %d looks."
                    .formatted(each.getKey(), each.getValue(), taken.size()))
        .toList();
  }

  /** Medians of power in a window of time, by device. */
  public Map<String, Double> watts(double from, double to) {
    var all = new LinkedHashMap<String, List<Double>>();
    for (Recorder.Taken each : taken) {
      if (each.second() >= from && each.second() <= to) {
        for (DeviceReading device : each.snapshot().devices()) {
          device
              .value(Metric.POWER_WATTS)
              .ifPresent(
                  watts ->
                      all.computeIfAbsent(name(each.snapshot(), device), _ -> new ArrayList<>())
                          .add(watts));
        }
      }
    }
    var medians = new LinkedHashMap<String, Double>();
    all.forEach((name, values) -> medians.put(name, new Spread(values).median()));
    return medians;
  }
}
