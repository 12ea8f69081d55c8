package io.solebox.app.smoke;

import io.solebox.app.console.Console;
import io.solebox.app.console.StatusLine;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Metric;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What is being tried, on a terminal's stderr; silent elsewhere. Safe for the trials' threads. */
final class SmokeProgress implements AutoCloseable {
  private final StatusLine line;
  private final Supplier<List<DeviceReading>> cards;
  private String stage = "";

  /**
   * @param cards as they are measured now
   */
  SmokeProgress(Console console, Supplier<List<DeviceReading>> cards) {
    this.line = new StatusLine(console);
    this.cards = cards;
  }

  synchronized void stage(String name) {
    stage = name;
    line.show(() -> "smoke: " + stage + sensors());
  }

  /** How it goes. */
  synchronized void show(String words) {
    line.show(() -> "smoke: " + stage + ", " + words + sensors());
  }

  private String sensors() {
    String all = cards.get().stream().map(SmokeProgress::card).collect(Collectors.joining("; "));
    return all.isBlank() ? "" : " [" + all + "]";
  }

  private static String card(DeviceReading card) {
    return (part(card.value(Metric.CORE_CELSIUS), "%.0f °C")
            + part(card.value(Metric.POWER_WATTS), " %.0f W"))
        .strip();
  }

  private static String part(OptionalDouble value, String format) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "";
  }

  @Override
  public synchronized void close() {
    line.close();
  }
}
