package io.solebox.hardware.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A snapshot as maps, lists, texts and numbers, in the order in which JSON shows them. */
public final class SnapshotFields {
  private static final double THOUSAND = 1000;

  private SnapshotFields() {}

  /** All of it. */
  public static Map<String, Object> of(Snapshot snapshot) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", snapshot.at().toString());
    fields.put("sources", snapshot.sources().stream().map(SnapshotFields::of).toList());
    fields.put("devices", snapshot.devices().stream().map(SnapshotFields::of).toList());
    return fields;
  }

  private static Map<String, Object> of(SourceState source) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", source.name());
    fields.put("state", source.state().word());
    source.ageMillis().ifPresent(age -> fields.put("age_ms", age));
    Optional.of(source.why()).filter(why -> !why.isEmpty()).ifPresent(w -> fields.put("why", w));
    return fields;
  }

  private static Map<String, Object> of(DeviceReading device) {
    Map<String, Object> values = new LinkedHashMap<>();
    device.values().forEach((metric, measured) -> values.put(metric.word(), of(measured)));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", device.kind().word());
    fields.put("id", device.id());
    fields.put("name", device.name());
    device.address().ifPresent(address -> fields.put("address", address));
    device
        .value(Metric.EVENT_REASONS_MASK)
        .ifPresent(mask -> fields.put("event_reasons", words((long) mask)));
    fields.put("values", values);
    return fields;
  }

  private static List<String> words(long mask) {
    return EventReason.of(mask).stream().map(EventReason::words).toList();
  }

  private static Map<String, Object> of(Measured measured) {
    Map<String, Object> fields = new LinkedHashMap<>();
    switch (measured) {
      case Measured.Value(double value, long ageMillis) -> {
        fields.put("value", number(value));
        fields.put("age_ms", ageMillis);
      }
      case Measured.Missing(String why) -> fields.put("missing", why);
    }
    return fields;
  }

  /**
   * A whole number where it is one, else with three digits behind the point: no sensor has more.
   */
  public static Number number(double value) {
    double rounded = Math.rint(value * THOUSAND) / THOUSAND;
    return rounded == Math.rint(rounded) ? (Number) (long) rounded : (Number) rounded;
  }
}
