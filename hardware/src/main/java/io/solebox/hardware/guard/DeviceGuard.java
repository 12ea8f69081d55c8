package io.solebox.hardware.guard;

import io.solebox.hardware.guard.Ruling.Reason;
import io.solebox.hardware.guard.Vitals.Measured;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The levels of one device. Remembers which sensors it had: one that vanishes is no better. */
final class DeviceGuard {
  private static final String BACK =
      "the sensor of the %s of %s answers again, not for long enough yet";

  private static final String SILENT =
      "the sensor of the %s of %s has not answered for %3$.0f s, so it counts as hot";

  private final GuardSettings settings;
  private final String device;
  private final Map<Sensor, Long> lastMeasured = new EnumMap<>(Sensor.class);
  private final Map<Sensor, Double> last = new EnumMap<>(Sensor.class);
  private final Map<Sensor, Ladder> ladders = new EnumMap<>(Sensor.class);
  private final Map<Sensor, Ladder> silences = new EnumMap<>(Sensor.class);
  private Limits limits = Limits.UNKNOWN;
  private String name;

  /**
   * @param now since when it is watched; a device without a temperature of its core is silent
   */
  DeviceGuard(GuardSettings settings, Vitals first, long now) {
    this.settings = settings;
    this.device = first.device();
    this.name = first.name();
    lastMeasured.put(Sensor.CORE, now);
    setLimits(first.limits());
  }

  private void setLimits(Limits now) {
    if (ladders.isEmpty() || !now.equals(limits)) {
      limits = now;
      Rungs rungs = new Rungs(settings, now);
      ladders.put(Sensor.CORE, new Ladder(rungs.core()));
      ladders.put(Sensor.MEMORY, new Ladder(rungs.memory()));
      ladders.put(Sensor.POWER, new Ladder(rungs.power()));
      ladders.put(Sensor.FAN, new Ladder(rungs.deadFan()));
    }
  }

  /** Takes what was measured; what is older than what is known already says nothing new. */
  void take(Vitals vitals, long now) {
    name = vitals.name();
    setLimits(vitals.limits().or(limits));
    vitals.measured().forEach((sensor, measured) -> take(sensor, measured, now));
  }

  private void take(Sensor sensor, Measured measured, long now) {
    if (Double.isFinite(measured.value())) {
      lastMeasured.merge(sensor, now - measured.age().toNanos(), Math::max);
      last.put(sensor, measured.value());
    }
  }

  Ruling.Device rule(long now) {
    List<Reason> reasons = new ArrayList<>();
    lastMeasured.forEach((sensor, at) -> silence(sensor, now - at, now).ifPresent(reasons::add));
    follow(Sensor.CORE, now).ifPresent(reasons::add);
    follow(Sensor.MEMORY, now).ifPresent(reasons::add);
    follow(Sensor.POWER, now).ifPresent(reasons::add);
    fan(now).ifPresent(reasons::add);
    reasons.sort(Comparator.comparing(Reason::level).reversed());
    Level level = reasons.stream().map(Reason::level).reduce(Level.NORMAL, Level::worse);
    return new Ruling.Device(device, name, level, reasons);
  }

  private Optional<Reason> silence(Sensor sensor, long nanos, long now) {
    Ladder ladder =
        silences.computeIfAbsent(sensor, _ -> new Ladder(new Rungs(settings, limits).silence()));
    double seconds = nanos / 1e9;
    boolean isBack = seconds < settings.silence().toNanos() / 1e9;
    return ladder
        .follow(seconds, now)
        .map(
            rung ->
                reason(
                    rung.level(),
                    sensor,
                    OptionalDouble.empty(),
                    isBack ? BACK : SILENT,
                    sensor.words(),
                    name,
                    seconds));
  }

  private Optional<Reason> follow(Sensor sensor, long now) {
    Ladder ladder = ladders.get(sensor);
    Optional<Double> value = Optional.ofNullable(last.get(sensor));
    return value
        .flatMap(v -> ladder.follow(v, now))
        .map(
            rung ->
                reason(
                    rung.level(),
                    sensor,
                    OptionalDouble.of(value.get()),
                    value.get() >= rung.down()
                        ? "the %s of %s is at %3$.0f %4$s (%5$s from %6$.0f %4$s on)"
                        : "the %s of %s is at %3$.0f %4$s again, not for long enough yet (%5$s"
                            + " from %6$.0f %4$s on)",
                    sensor.words(),
                    name,
                    value.get(),
                    sensor.unit(),
                    rung.level().word(),
                    rung.up()));
  }

  private Optional<Reason> fan(long now) {
    Optional<Double> rpm = Optional.ofNullable(last.get(Sensor.FAN));
    Optional<Double> duty = Optional.ofNullable(last.get(Sensor.FAN_DUTY));
    if (rpm.isEmpty() || duty.isEmpty()) {
      return Optional.empty();
    }
    // A fan that turns is given no drive as far as its ladder knows.
    double idle = rpm.get() > 0 ? -1 : duty.get();
    return ladders
        .get(Sensor.FAN)
        .follow(idle, now)
        .map(
            rung ->
                reason(
                    rung.level(),
                    Sensor.FAN,
                    OptionalDouble.of(rpm.get()),
                    "the fan of %s turns %2$.0f times a minute at %3$.0f %% of its drive",
                    name,
                    rpm.get(),
                    duty.get()));
  }

  private static Reason reason(
      Level level, Sensor sensor, OptionalDouble value, String words, Object... parts) {
    return new Reason(level, sensor, value, String.format(Locale.ROOT, words, parts));
  }
}
