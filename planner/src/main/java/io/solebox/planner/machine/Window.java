package io.solebox.planner.machine;

import io.solebox.hardware.table.Quantity;
import java.util.Locale;

/** Who decides how many addresses a root of PCI Express may hand on. */
public enum Window {
  /** The chip: nothing changes it. */
  HARDWARE(Quantity.HW_REGION_BYTES, "the chip"),
  /** The firmware that is at hand, with ACPI. */
  FIRMWARE(Quantity.FIRMWARE_WINDOW_BYTES, "the firmware"),
  /** The device tree that is at hand. */
  DEVICE_TREE(Quantity.DT_WINDOW_BYTES, "the device tree");

  private final Quantity quantity;
  private final String who;

  Window(Quantity quantity, String who) {
    this.quantity = quantity;
    this.who = who;
  }

  Quantity quantity() {
    return quantity;
  }

  /** For people. */
  public String who() {
    return who;
  }

  /** For programs. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
