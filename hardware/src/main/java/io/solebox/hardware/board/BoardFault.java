package io.solebox.hardware.board;

/** What a board has latched, in the order of {@code enum ctl_fault}. */
public enum BoardFault {
  NONE("no fault"),
  PSU_LOST("the power supply's power good went away"),
  V12_LATE("12 V did not come in time"),
  V12_LOW("12 V is too low"),
  V12_HIGH("12 V is too high"),
  AUX_LATE("3.3 V auxiliary did not come in time"),
  AUX_LOW("3.3 V auxiliary is too low"),
  AUX_HIGH("3.3 V auxiliary is too high"),
  CORE_LATE("the core voltage did not come in time"),
  CORE_LOW("the core voltage is too low"),
  CORE_HIGH("the core voltage is too high"),
  VRM_LOST("the core regulator's power good went away"),
  RAIL_STUCK("a rail did not fall though it is switched off"),
  HOT("the heat sink is too hot"),
  THERMTRIP("the module says that it is too hot (THERMTRIP#)"),
  SENSOR_LOST("the thermistor is open or shorted"),
  FAN_STILL("a fan stands still though it is driven"),
  HOST_SILENT("no heartbeat came from the host"),
  EMERGENCY_STOP("the host asked for an emergency stop"),
  WATCHDOG("the firmware hung and began anew"),
  /** One that a later firmware has, and this program does not know. */
  UNKNOWN("a fault that this program does not know; a later one does");

  private final String words;

  BoardFault(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
