package io.solebox.app.watch;

import io.solebox.app.console.Units;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.SeenBoard;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.EventReason;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people want to know of a device, in rows. */
final class DeviceRows {
  private final DeviceReading device;
  private final List<Row> rows = new ArrayList<>();

  /**
   * One thing.
   *
   * @param label what it is
   * @param text its value with its unit and remarks, or why there is none
   * @param plotted the metric whose past is worth a sparkline
   */
  record Row(String label, String text, Optional<Metric> plotted) {}

  private DeviceRows(DeviceReading device) {
    this.device = device;
  }

  static List<Row> of(DeviceReading device) {
    DeviceRows rows = new DeviceRows(device);
    switch (device.kind()) {
      case GPU -> rows.gpu();
      case CONTROLLER -> {
        rows.board();
        rows.sensor();
      }
      case CPU_POWER, THERMAL_ZONE, HWMON, ONE_WIRE, NVME, PLUG -> rows.sensor();
    }
    return rows.rows;
  }

  private void gpu() {
    plot("core", Metric.CORE_CELSIUS, "%.0f °C", limit("slows down at", Metric.SLOWDOWN_CELSIUS));
    plot("memory", Metric.MEMORY_CELSIUS, "%.0f °C", limit("at most", Metric.MEMORY_MAX_CELSIUS));
    plot("power", Metric.POWER_WATTS, "%.0f W", limit("limit", Metric.POWER_LIMIT_WATTS));
    plot("clock", Metric.SM_MEGAHERTZ, "%.0f MHz", heldDown());
    plot("busy", Metric.BUSY_PERCENT, "%.0f %%", "");
    plot("fan", Metric.FAN_PERCENT, "%.0f %%", "");
    memory();
    link();
    errors();
  }

  /** Of the controller itself; its rails and fans are sensors. */
  private void board() {
    SeenBoard.of(device)
        .ifPresent(
            seen -> {
              rows.add(new Row("state", seen.state().words(), Optional.empty()));
              if (seen.fault() != BoardFault.NONE) {
                rows.add(new Row("fault", seen.fault().words(), Optional.empty()));
              }
              if (seen.throttles()) {
                String why =
                    seen.missesHost() ? "the host is late" : "it is too hot, or a fan stands still";
                rows.add(new Row("throttles", why, Optional.empty()));
              }
            });
  }

  private void sensor() {
    plot("", Metric.CELSIUS, "%.1f °C", limit("critical at", Metric.CRITICAL_CELSIUS));
    plot("", Metric.FAN_RPM, "%.0f rpm", limit("driven with", Metric.FAN_PERCENT, " %"));
    plot("", Metric.POWER_WATTS, "%.1f W", "");
    plot("", Metric.VOLTS, "%.3f V", "");
    plot("", Metric.AMPERES, "%.2f A", "");
  }

  /** Nothing at all of what the device does not have. */
  private void plot(String label, Metric metric, String format, String remark) {
    if (device.values().containsKey(metric)) {
      rows.add(new Row(label, text(metric, format) + remark, Optional.of(metric)));
    }
  }

  private String text(Metric metric, String format) {
    return switch (device.measured(metric)) {
      case Measured.Value(double value, long age) ->
          String.format(Locale.ROOT, format, value) + old(age);
      case Measured.Missing(String why) -> "none: " + why;
    };
  }

  /** A value of long ago is no value of now. */
  private static String old(long ageMillis) {
    return ageMillis < 2500 ? "" : " (%d s ago)".formatted(ageMillis / 1000);
  }

  private String limit(String words, Metric metric) {
    return limit(words, metric, "");
  }

  private String limit(String words, Metric metric, String unit) {
    return device.value(metric).isPresent()
        ? ", %s %s%s".formatted(words, whole(metric), unit)
        : "";
  }

  private String heldDown() {
    String reasons =
        device.value(Metric.EVENT_REASONS_MASK).stream()
            .mapToObj(mask -> EventReason.of((long) mask))
            .flatMap(List::stream)
            .map(EventReason::words)
            .collect(Collectors.joining(", "));
    return reasons.isEmpty() ? "" : ", held down: " + reasons;
  }

  private void memory() {
    if (device.value(Metric.MEMORY_TOTAL_BYTES).isPresent()) {
      String used = bytes(Metric.MEMORY_USED_BYTES) + " of " + bytes(Metric.MEMORY_TOTAL_BYTES);
      rows.add(new Row("used", used, Optional.empty()));
    }
  }

  private String bytes(Metric metric) {
    return device.value(metric).isPresent()
        ? Units.bytes((long) device.value(metric).getAsDouble())
        : "?";
  }

  private void link() {
    if (device.value(Metric.PCIE_GENERATION).isPresent()) {
      String text =
          "generation %s of %s, %s of %s lanes, %s sent again"
              .formatted(
                  whole(Metric.PCIE_GENERATION),
                  whole(Metric.PCIE_MAX_GENERATION),
                  whole(Metric.PCIE_LANES),
                  whole(Metric.PCIE_MAX_LANES),
                  whole(Metric.PCIE_REPLAYS_COUNT));
      rows.add(new Row("PCIe", text, Optional.empty()));
    }
  }

  private String whole(Metric metric) {
    return device.value(metric).isPresent()
        ? String.format(Locale.ROOT, "%.0f", device.value(metric).getAsDouble())
        : "?";
  }

  private void errors() {
    List<String> said = new ArrayList<>();
    said.add(
        "ECC %s corrected, %s not"
            .formatted(whole(Metric.ECC_CORRECTED_COUNT), whole(Metric.ECC_UNCORRECTED_COUNT)));
    mention(said, Metric.REMAP_PENDING_FLAG, "a row waits for a reset");
    mention(said, Metric.REMAP_FAILED_FLAG, "a row could not be remapped");
    mention(said, Metric.RETIRE_PENDING_FLAG, "a page waits for a restart");
    if (device.value(Metric.XID_LAST_NUMBER).isPresent()) {
      said.add("last Xid " + whole(Metric.XID_LAST_NUMBER));
    }
    if (device.values().containsKey(Metric.ECC_CORRECTED_COUNT)) {
      rows.add(new Row("errors", String.join(", ", said), Optional.empty()));
    }
  }

  private void mention(List<String> said, Metric metric, String words) {
    if (device.value(metric).orElse(0) > 0) {
      said.add(words);
    }
  }
}
