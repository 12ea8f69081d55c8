package io.solebox.hardware.telemetry;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was measured at one device.
 *
 * @param kind of device
 * @param id the same after a restart of the machine: a GPU's UUID, {@code nct6775/temp1} of hwmon,
 *     {@code 28-0316a2} of 1-wire
 * @param name for people
 * @param address in PCI, as in {@code 0000:01:00.0}, where it has one
 * @param values what it has, and what it should have and does not tell; a metric that makes no
 *     sense for it is not there
 */
public record DeviceReading(
    Kind kind, String id, String name, Optional<String> address, Map<Metric, Measured> values) {
  /** What it is. */
  public enum Kind {
    GPU,
    /** A processor's package, or a part of it that RAPL counts. */
    CPU_POWER,
    THERMAL_ZONE,
    HWMON,
    ONE_WIRE,
    NVME,
    CONTROLLER,
    PLUG;

    /** As in JSON: {@code cpu_power}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DeviceReading {
    Map<Metric, Measured> sorted = new EnumMap<>(Metric.class);
    sorted.putAll(values);
    values = Collections.unmodifiableMap(sorted);
  }

  /** One without an address. */
  public DeviceReading(Kind kind, String id, String name, Map<Metric, Measured> values) {
    this(kind, id, name, Optional.empty(), values);
  }

  /** What it says of a metric; missing too where it has none. */
  public Measured measured(Metric metric) {
    return values.getOrDefault(metric, new Measured.Missing("this device has none"));
  }

  /** The number alone, where there is one. */
  public OptionalDouble value(Metric metric) {
    return measured(metric).asDouble();
  }

  /** The same device with other values. */
  public DeviceReading with(Map<Metric, Measured> others) {
    return new DeviceReading(kind, id, name, address, others);
  }
}
