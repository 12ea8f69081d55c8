package io.solebox.app.bench;

import io.solebox.app.session.Session;
import io.solebox.engine.api.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a device gives to loops that do one thing alone; each is empty on a device without it.
 *
 * @param readBandwidth of its memory, the yardstick of decode
 * @param linkBandwidth between host and device, the yardstick of loading
 * @param matrixFlops of its matrix units, the yardstick of prefill
 */
record Yardsticks(
    OptionalDouble readBandwidth, OptionalDouble linkBandwidth, OptionalDouble matrixFlops) {

  static Yardsticks measure(Engine device) {
    return new Yardsticks(
        device.readBandwidthBytesPerSecond(),
        device.linkBandwidthBytesPerSecond(),
        device.matrixFlopsPerSecond());
  }

  /** Without the read bandwidth, which each repetition measures for itself. */
  static Yardsticks ofLoadedDevice(Session session) {
    return new Yardsticks(OptionalDouble.empty(), session.linkBandwidth(), session.matrixFlops());
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("read_bandwidth_bytes_per_second", orNull(readBandwidth));
    fields.put("link_bandwidth_bytes_per_second", orNull(linkBandwidth));
    fields.put("matrix_flops_per_second", orNull(matrixFlops));
    return fields;
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    readBandwidth.ifPresent(b -> lines.add(line("read bandwidth", "%.1f GB/s", b / 1e9)));
    linkBandwidth.ifPresent(b -> lines.add(line("link to the device", "%.1f GB/s", b / 1e9)));
    matrixFlops.ifPresent(f -> lines.add(line("f16 matrix units", "%.1f TFLOP/s", f / 1e12)));
    return lines;
  }

  /** A name and a value, as all lines of the report have them. */
  static String line(String name, String format, Object... values) {
    return "  "
        + String.format(Locale.ROOT, "%-24s", name)
        + String.format(Locale.ROOT, format, values);
  }

  /** JSON's null stands for a measure that there is not. */
  static Object orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
