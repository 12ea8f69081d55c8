package io.solebox.hardware.guard;

/** What the guard follows of a device. */
public enum Sensor {
  /** Degrees Celsius. */
  CORE("core", "°C"),
  /** Degrees Celsius of the memory on the card. */
  MEMORY("memory", "°C"),
  /** Watts. */
  POWER("power", "W"),
  /** Turns per minute of its fan. */
  FAN("fan", "rpm"),
  /** Percent of its full drive that the fan is given. */
  FAN_DUTY("fan drive", "%"),
  /** The controller of the board, by its state. */
  BOARD("board", "");

  private final String words;
  private final String unit;

  Sensor(String words, String unit) {
    this.words = words;
    this.unit = unit;
  }

  public String words() {
    return words;
  }

  public String unit() {
    return unit;
  }
}
