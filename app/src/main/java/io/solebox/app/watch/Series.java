package io.solebox.app.watch;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The last values of everything, for sparklines. */
final class Series {
  private final int length;
  private final Map<Key, ArrayDeque<OptionalDouble>> values = new HashMap<>();

  /** A metric of a device. */
  private record Key(DeviceReading.Kind kind, String id, Metric metric) {
    Key(DeviceReading device, Metric metric) {
      this(device.kind(), device.id(), metric);
    }
  }

  /**
   * @param length values that are kept of each
   */
  Series(int length) {
    this.length = length;
  }

  void add(Snapshot snapshot) {
    for (DeviceReading device : snapshot.devices()) {
      for (Metric metric : device.values().keySet()) {
        ArrayDeque<OptionalDouble> all =
            values.computeIfAbsent(new Key(device, metric), _ -> new ArrayDeque<>());
        all.addLast(device.value(metric));
        if (all.size() > length) {
          all.removeFirst();
        }
      }
    }
  }

  /** The oldest first. */
  List<OptionalDouble> of(DeviceReading device, Metric metric) {
    ArrayDeque<OptionalDouble> all = values.get(new Key(device, metric));
    return all == null ? Collections.emptyList() : List.copyOf(all);
  }
}
