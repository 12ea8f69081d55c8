package io.solebox.hardware.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The serial number in a PCI Express device's configuration space, which of a network card is its
 * MAC address: extended capability 0003h (PCI Express Base Specification, Device Serial Number).
 */
final class ConfigSerial {
  private static final int FIRST = 0x100;
  private static final int ID = 0x0003;
  private static final int LENGTH = 8;

  private ConfigSerial() {}

  /** The same configuration space with zeros there. */
  static byte[] without(byte[] config) {
    byte[] without = config.clone();
    at(config).ifPresent(at -> Arrays.fill(without, at, at + LENGTH, (byte) 0));
    return without;
  }

  private static OptionalInt at(byte[] config) {
    ByteBuffer words = ByteBuffer.wrap(config).order(ByteOrder.LITTLE_ENDIAN);
    int at = FIRST;
    // A list has at most as many members as have room, and one that goes round ends here.
    for (int i = 0; i < (4096 - FIRST) / 8 && at >= FIRST && at + 12 <= config.length; i++) {
      int header = words.getInt(at);
      if ((header & 0xffff) == ID) {
        return OptionalInt.of(at + 4);
      }
      at = header >>> 20 & ~3;
    }
    return OptionalInt.empty();
  }
}
