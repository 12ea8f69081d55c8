package io.solebox.hardware.board;

import java.util.Locale;
import java.util.Optional;

/** What a board has latched, in the order of {@code enum ctl_fault}. */
public enum BoardFault {
  NONE("no fault", ""),
  PSU_LOST(
      "the power supply's power good went away",
      "Look at the power supply, its cables and what else hangs on it."),
  V12_LATE(
      "12 V did not come in time",
      "Look whether the power supply is on, and at its cables; the board asked for 12 V and did not get it."),
  V12_LOW(
      "12 V is too low",
      "A larger power supply, or shorter and thicker cables; lower the module's power limit until then."),
  V12_HIGH("12 V is too high", "Replace the power supply."),
  AUX_LATE(
      "3.3 V auxiliary did not come in time",
      "Look for a short on 3.3 V, and at its regulator and its enable."),
  AUX_LOW("3.3 V auxiliary is too low", "Look for a short on 3.3 V, and at its regulator."),
  AUX_HIGH(
      "3.3 V auxiliary is too high",
      "Look at the regulator of 3.3 V; leave the module out until it is right."),
  CORE_LATE(
      "the core voltage did not come in time",
      "Look at the core regulator, its enable and its phases, with no module in the socket."),
  CORE_LOW(
      "the core voltage is too low",
      "Look at the core regulator and its phases; lower the module's power limit."),
  CORE_HIGH(
      "the core voltage is too high",
      "Look at the core regulator and its feedback; leave the module out until it is right."),
  VRM_LOST(
      "the core regulator's power good went away",
      "Look at the core regulator: its temperature, its own log over PMBus, its supply."),
  RAIL_STUCK(
      "a rail did not fall though it is switched off",
      "Look at that rail's switch and its pull-down: it must be able to go off before the module is touched."),
  HOT(
      "the heat sink is too hot",
      "More air through the heat sink: look at fans, dust and paste; wait until it is below 70 C."),
  THERMTRIP(
      "the module says that it is too hot (THERMTRIP#)",
      "Look at how the heat sink sits, its paste and its fans; wait until it is cold."),
  SENSOR_LOST(
      "the thermistor is open or shorted",
      "Look at the thermistor and its connector; the board does not run without one."),
  FAN_STILL(
      "a fan stands still though it is driven",
      "Look whether something blocks the fan, and at its plug; replace it."),
  HOST_SILENT(
      "no heartbeat came from the host",
      "Look at why the server stopped or hung (journalctl -u solebox), start it again."),
  EMERGENCY_STOP(
      "the host asked for an emergency stop",
      "Look at why the guard asked for it (solebox watch, the server's log): something was far too hot."),
  WATCHDOG(
      "the firmware hung and began anew",
      "Update the firmware; tell its makers what solebox board events says, if it comes again."),
  /** One that a later firmware has, and this program does not know. */
  UNKNOWN(
      "a fault that this program does not know; a later one does",
      "Update this program, which is older than the board's firmware.");

  /** How it is let go, once its cause is gone. */
  private static final String LET_GO =
      " Then let it go and power the module up: solebox board reset-fault, solebox board power on.";

  private final String words;
  private final String remedy;

  BoardFault(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** What to do; empty where there is nothing to do. */
  public String remedy() {
    return this == NONE ? "" : remedy + LET_GO;
  }

  /**
   * What was measured, with its unit; empty where the fault has no value.
   *
   * @param value of {@link BoardEvent}
   */
  public Optional<String> measured(int value) {
    return switch (this) {
      case PSU_LOST,
          V12_LATE,
          V12_LOW,
          V12_HIGH,
          AUX_LATE,
          AUX_LOW,
          AUX_HIGH,
          CORE_LATE,
          CORE_LOW,
          CORE_HIGH,
          VRM_LOST,
          RAIL_STUCK ->
          Optional.of(
              String.format(Locale.ROOT, value < 2000 ? "%.3f V" : "%.2f V", value / 1000.0));
      case HOT, THERMTRIP, SENSOR_LOST ->
          Optional.of(String.format(Locale.ROOT, "%.1f °C", value / 10.0));
      case FAN_STILL -> Optional.of("fan " + value);
      case NONE, HOST_SILENT, EMERGENCY_STOP, WATCHDOG, UNKNOWN -> Optional.empty();
    };
  }

  /** As in JSON: {@code host_silent}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
