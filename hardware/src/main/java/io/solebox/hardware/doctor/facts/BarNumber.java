package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciBar;

/**
 * The numbers that Linux gives the ranges of a device: 0 to 5, its ROM, those of its virtual
 * functions.
 */
final class BarNumber {
  private static final int ROM = 6;
  private static final int FIRST_VF = 7;
  private static final int LAST_VF = 12;

  private BarNumber() {}

  /** Of a device that is no bridge. */
  static PciBar.Kind kind(int number) {
    if (number < ROM) {
      return PciBar.Kind.BAR;
    }
    return number == ROM ? PciBar.Kind.ROM : PciBar.Kind.VF_BAR;
  }

  /** Among those of its kind. */
  static int index(int number) {
    if (number < ROM) {
      return number;
    }
    return FIRST_VF <= number && number <= LAST_VF ? number - FIRST_VF : 0;
  }
}
