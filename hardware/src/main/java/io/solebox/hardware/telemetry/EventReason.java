package io.solebox.hardware.telemetry;

import java.util.Arrays;
import java.util.List;

/**
 * What holds a GPU's clocks down: bits of {@code nvmlDeviceGetCurrentClocksEventReasons}, several
 * at a time (nvml.h, {@code nvmlClocksEventReason*}).
 */
public enum EventReason {
  IDLE(0x1, "idle"),
  APPLICATION_CLOCKS(0x2, "application clocks are set"),
  POWER_CAP(0x4, "power limit"),
  HARDWARE_SLOWDOWN(0x8, "hardware slowdown"),
  SYNC_BOOST(0x10, "sync boost"),
  SOFTWARE_THERMAL(0x20, "driver: too hot"),
  HARDWARE_THERMAL(0x40, "hardware: too hot"),
  POWER_BRAKE(0x80, "power brake"),
  DISPLAY_CLOCKS(0x100, "display clocks are set");

  private final long bit;
  private final String words;

  EventReason(long bit, String words) {
    this.bit = bit;
    this.words = words;
  }

  /** Those whose bits are set. */
  public static List<EventReason> of(long mask) {
    return Arrays.stream(values()).filter(reason -> (mask & reason.bit) != 0).toList();
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** Whether heat or the lack of power slows the GPU down against somebody's will. */
  public boolean isTrouble() {
    return switch (this) {
      case HARDWARE_SLOWDOWN, SOFTWARE_THERMAL, HARDWARE_THERMAL, POWER_BRAKE -> true;
      case IDLE, APPLICATION_CLOCKS, POWER_CAP, SYNC_BOOST, DISPLAY_CLOCKS -> false;
    };
  }
}
