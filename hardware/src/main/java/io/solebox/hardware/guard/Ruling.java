package io.solebox.hardware.guard;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What the guard asks for now.
 *
 * @param level of the machine: that of its worst device
 * @param devices each for itself, in the order in which they were first seen
 */
public record Ruling(Level level, List<Device> devices) {
  /** Nobody has measured anything yet. */
  public static final Ruling NOTHING = new Ruling(Level.NORMAL, List.of());

  /**
   * @param level the highest of the reasons'
   * @param reasons the gravest first; none at {@link Level#NORMAL}
   */
  public record Device(String device, String name, Level level, List<Reason> reasons) {
    public Device {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * Why a level holds.
   *
   * @param value in the sensor's unit; empty where it does not answer
   * @param words a sentence's beginning, as in {@code the memory of Tesla V100 is at 96 °C, and 85
   *     °C is too much}
   */
  public record Reason(Level level, Sensor sensor, OptionalDouble value, String words) {}

  public Ruling {
    devices = List.copyOf(devices);
  }

  /** The reasons of all devices that have this machine's level, for people; empty if normal. */
  public String words() {
    return String.join(
        "; ",
        devices.stream()
            .filter(device -> device.level() == level)
            .flatMap(device -> device.reasons().stream().filter(each -> each.level() == level))
            .map(Reason::words)
            .toList());
  }
}
