package io.solebox.hardware.telemetry;

import io.solebox.hardware.telemetry.DeviceReading.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a machine draws, from one snapshot to the next, by the best of what measures it: a plug
 * before the box knows all; without one, GPUs and processor know what they draw themselves, and not
 * what fans, memory and the power supply take. Owned by one thread.
 */
public final class BoxEnergy {
  /** Power is taken as it was over a gap of so long at most; nothing is made up of longer ones. */
  private static final double LONGEST_GAP_SECONDS = 60;

  private static final double MILLI = 1e-3;

  /** A package of RAPL; its parts are in it already. */
  private static final Pattern PACKAGE = Pattern.compile("intel-rapl:\\d+");

  /** What measured it. */
  public enum By {
    /** All of it. */
    PLUG("at the wall, by a plug"),
    GPUS_AND_CPU("GPUs and processor alone, by NVML and RAPL"),
    GPUS("GPUs alone, by NVML"),
    CPU("the processor alone, by RAPL");

    private final String words;

    By(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /**
   * What was drawn since the snapshot before.
   *
   * @param watts now
   * @param joules since then
   */
  public record Drawn(By by, double watts, double joules) {}

  private final Map<String, Double> counters = new HashMap<>();
  private Optional<Instant> before = Optional.empty();

  /** The next snapshot; empty where nothing in it tells power. */
  public Optional<Drawn> observe(Snapshot snapshot) {
    double seconds =
        before.map(at -> Duration.between(at, snapshot.at()).toMillis() * MILLI).orElse(0.0);
    before = Optional.of(snapshot.at());
    List<DeviceReading> plugs = drawing(snapshot, each -> each.kind() == Kind.PLUG);
    List<DeviceReading> gpus = drawing(snapshot, each -> each.kind() == Kind.GPU);
    List<DeviceReading> cpus = drawing(snapshot, BoxEnergy::isPackage);
    Set<String> known = new HashSet<>();
    double ofPlugs = joules(plugs, seconds, known);
    double ofGpus = joules(gpus, seconds, known);
    double ofCpus = joules(cpus, seconds, known);
    counters.keySet().retainAll(known);
    if (!plugs.isEmpty()) {
      return Optional.of(new Drawn(By.PLUG, watts(plugs), ofPlugs));
    }
    if (gpus.isEmpty() && cpus.isEmpty()) {
      return Optional.empty();
    }
    By by = cpus.isEmpty() ? By.GPUS : gpus.isEmpty() ? By.CPU : By.GPUS_AND_CPU;
    return Optional.of(new Drawn(by, watts(gpus) + watts(cpus), ofGpus + ofCpus));
  }

  private static boolean isPackage(DeviceReading device) {
    return device.kind() == Kind.CPU_POWER && PACKAGE.matcher(device.id()).matches();
  }

  private static List<DeviceReading> drawing(Snapshot snapshot, Predicate<DeviceReading> which) {
    return snapshot.devices().stream()
        .filter(which)
        .filter(each -> each.value(Metric.POWER_WATTS).isPresent())
        .toList();
  }

  private static double watts(List<DeviceReading> devices) {
    return devices.stream().mapToDouble(each -> each.value(Metric.POWER_WATTS).orElseThrow()).sum();
  }

  private double joules(List<DeviceReading> devices, double seconds, Set<String> known) {
    return devices.stream().mapToDouble(each -> joules(each, seconds, known)).sum();
  }

  /** By its counter where it has one, which misses nothing between two looks. */
  private double joules(DeviceReading device, double seconds, Set<String> known) {
    OptionalDouble counter = device.value(Metric.ENERGY_JOULES);
    if (counter.isEmpty()) {
      double gap = seconds > LONGEST_GAP_SECONDS ? 0 : Math.max(0, seconds);
      return device.value(Metric.POWER_WATTS).orElseThrow() * gap;
    }
    String key = device.kind() + " " + device.id();
    known.add(key);
    double now = counter.getAsDouble();
    double last = Optional.ofNullable(counters.put(key, now)).orElse(now);
    return Math.max(0, now - last); // one that began anew
  }
}
