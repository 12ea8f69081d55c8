package io.solebox.app.watch;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SnapshotFields;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Snapshots as comma-separated values (RFC 4180), a line for each value: devices come and go. */
final class Csv {
  static final String HEADER = "at,kind,id,name,metric,value,age_ms,missing";

  private Csv() {}

  static List<String> lines(Snapshot snapshot) {
    List<String> lines = new ArrayList<>();
    for (DeviceReading device : snapshot.devices()) {
      device
          .values()
          .forEach((metric, measured) -> lines.add(line(snapshot, device, metric, measured)));
    }
    return lines;
  }

  private static String line(
      Snapshot snapshot, DeviceReading device, Metric metric, Measured measured) {
    Stream<String> begin =
        Stream.of(
            snapshot.at().toString(),
            device.kind().word(),
            device.id(),
            device.name(),
            metric.word());
    Stream<String> end =
        switch (measured) {
          case Measured.Value(double value, long age) ->
              Stream.of(SnapshotFields.number(value).toString(), Long.toString(age), "");
          case Measured.Missing(String why) -> Stream.of("", "", why);
        };
    return Stream.concat(begin, end).map(Csv::cell).collect(Collectors.joining(","));
  }

  private static String cell(String text) {
    return text.chars().anyMatch(c -> "\",\r\n".indexOf(c) >= 0)
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
