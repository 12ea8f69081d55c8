package io.solebox.server.hardware;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Snapshots summed up by ten seconds, until somebody takes them. Safe for many threads. */
final class Moments {
  static final int SECONDS = 10;

  /** If nobody takes them for as long, the oldest go: ten minutes. */
  private static final int MOST = 60;

  /** What is worth a plot; bounds and flags do not change. */
  private static final Set<Metric> KEPT =
      EnumSet.of(
          Metric.CELSIUS,
          Metric.CORE_CELSIUS,
          Metric.MEMORY_CELSIUS,
          Metric.POWER_WATTS,
          Metric.VOLTS,
          Metric.ENERGY_JOULES,
          Metric.ENERGY_INTEGRATED_JOULES,
          Metric.SM_MEGAHERTZ,
          Metric.FAN_PERCENT,
          Metric.FAN_RPM,
          Metric.BUSY_PERCENT,
          Metric.MEMORY_USED_BYTES,
          Metric.ECC_CORRECTED_COUNT,
          Metric.ECC_UNCORRECTED_COUNT,
          Metric.PCIE_REPLAYS_COUNT,
          Metric.XID_COUNT,
          Metric.BOARD_FAULT_NUMBER);

  /** A metric of a device. */
  record Key(Kind kind, String device, Metric metric, String name) {}

  /** What was measured of one thing in ten seconds. */
  record Sum(int count, double sum, double most) {
    static final Sum NONE = new Sum(0, 0, Double.NEGATIVE_INFINITY);

    Sum and(double value) {
      return new Sum(count + 1, sum + value, Math.max(most, value));
    }

    double mean() {
      return sum / count;
    }
  }

  /**
   * Ten seconds.
   *
   * @param at when they began, in seconds since 1970
   */
  record Moment(long at, Map<Key, Sum> sums) {}

  private final List<Moment> past = new ArrayList<>(); // guarded by this, as the next
  private Moment now = new Moment(0, Map.of());

  synchronized void add(Snapshot snapshot) {
    long at = snapshot.at().getEpochSecond() / SECONDS * SECONDS;
    if (at != now.at()) {
      end();
      now = new Moment(at, new LinkedHashMap<>());
    }
    for (DeviceReading device : snapshot.devices()) {
      for (Metric metric : KEPT) {
        Key key = new Key(device.kind(), device.id(), metric, device.name());
        device
            .value(metric)
            .ifPresent(
                value -> now.sums().merge(key, Sum.NONE.and(value), (sum, _) -> sum.and(value)));
      }
    }
  }

  private void end() {
    if (!now.sums().isEmpty()) {
      past.add(now);
    }
    if (past.size() > MOST) {
      past.removeFirst();
    }
  }

  /** Those that are over. */
  synchronized List<Moment> take() {
    List<Moment> taken = List.copyOf(past);
    past.clear();
    return taken;
  }

  /** All, the one that is not over among them. */
  synchronized List<Moment> takeAll() {
    end();
    now = new Moment(0, Map.of());
    return take();
  }
}
