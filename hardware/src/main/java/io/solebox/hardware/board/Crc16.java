package io.solebox.hardware.board;

/**
 * CRC-16/CCITT-FALSE: polynomial 0x1021, begun with 0xffff, nothing reflected, nothing changed at
 * the end. Its check value, of the digits 1 to 9, is 0x29b1.
 */
final class Crc16 {
  private static final int POLYNOMIAL = 0x1021;
  private static final int[] OF_BYTE = new int[256];

  static {
    for (int i = 0; i < OF_BYTE.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
      }
      OF_BYTE[i] = crc & 0xffff;
    }
  }

  private Crc16() {}

  static int of(byte[] bytes, int from, int to) {
    int crc = 0xffff;
    for (int i = from; i < to; i++) {
      crc = ((crc << 8) & 0xffff) ^ OF_BYTE[(crc >> 8) ^ (bytes[i] & 0xff)];
    }
    return crc;
  }
}
