package io.solebox.store.quantize;

/** Lower two bits of 256 codes in 64 bytes: each 32 have those of 128, a quarter in two bits. */
final class QuarterBytes {
  private QuarterBytes() {}

  static void put(byte[] codes, int from, byte[] out, int at) {
    for (int half = 0; half < 2; half++) {
      int c = from + 128 * half;
      for (int i = 0; i < 32; i++) {
        out[at + 32 * half + i] =
            (byte)
                (codes[c + i] & 3
                    | (codes[c + 32 + i] & 3) << 2
                    | (codes[c + 64 + i] & 3) << 4
                    | (codes[c + 96 + i] & 3) << 6);
      }
    }
  }
}
