package io.solebox.app.watch;

import io.solebox.engine.error.Printable;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SourceState;
import io.solebox.hardware.telemetry.SourceState.State;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A snapshot as lines: for a terminal with what was before, and one line a device for others. */
final class View {
  private static final int LABEL = 8;
  private static final int VALUE = 44;

  private View() {}

  /** With sparklines. */
  static List<String> live(Snapshot snapshot, Series series) {
    List<String> lines = new ArrayList<>();
    lines.add(time(snapshot) + "   q or Ctrl-C ends");
    if (snapshot.devices().isEmpty()) {
      lines.add("Nothing here tells a temperature or a power.");
    }
    for (DeviceReading device : snapshot.devices()) {
      List<DeviceRows.Row> rows = DeviceRows.of(device);
      boolean single = rows.size() == 1;
      if (!single) {
        lines.add(title(device));
      }
      for (DeviceRows.Row row : rows) {
        lines.add(
            single ? line(title(device), row, device, series) : line("  ", row, device, series));
      }
    }
    lines.addAll(silent(snapshot));
    return lines;
  }

  private static String line(
      String begin, DeviceRows.Row row, DeviceReading device, Series series) {
    String spark = row.plotted().map(metric -> Sparkline.of(series.of(device, metric))).orElse("");
    String label = row.label().isEmpty() ? " " : padded(row.label(), LABEL);
    return padded(begin + label + Printable.line(row.text()), VALUE) + "  " + spark;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String time(Snapshot snapshot) {
    return LocalTime.ofInstant(snapshot.at(), ZoneId.systemDefault())
        .truncatedTo(ChronoUnit.SECONDS)
        .format(DateTimeFormatter.ISO_LOCAL_TIME);
  }

  private static String title(DeviceReading device) {
    String kind =
        switch (device.kind()) {
          case GPU -> "GPU";
          case CPU_POWER -> "CPU";
          case THERMAL_ZONE -> "zone";
          case HWMON -> "hwmon";
          case ONE_WIRE -> "1-wire";
          case NVME -> "NVMe";
          case CONTROLLER -> "controller";
          case PLUG -> "plug";
        };
    return Printable.line(
        kind + " " + device.name() + device.address().map(address -> " " + address).orElse(""));
  }

  /** Without. */
  static List<String> plain(Snapshot snapshot) {
    List<String> lines = new ArrayList<>();
    for (DeviceReading device : snapshot.devices()) {
      String values =
          DeviceRows.of(device).stream()
              .map(row -> (row.label() + " " + row.text()).strip())
              .collect(Collectors.joining("; "));
      lines.add(time(snapshot) + " " + title(device) + ": " + Printable.line(values));
    }
    for (String each : silent(snapshot)) {
      lines.add(time(snapshot) + " " + each);
    }
    return lines;
  }

  private static List<String> silent(Snapshot snapshot) {
    return snapshot.sources().stream()
        .filter(source -> source.state() != State.ANSWERS)
        .map(View::silent)
        .toList();
  }

  private static String silent(SourceState source) {
    String why =
        switch (source.state()) {
          case ANSWERS, LATE, SILENT -> source.why();
          case ASKED -> "has not answered yet";
        };
    return Printable.line("not measured: " + source.name() + ": " + why);
  }
}
