package io.solebox.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The eight 6-bit scales and minima that Q4_K and Q5_K pack into 12 bytes (ggml-org/ggml:
 * src/ggml-quants.c, get_scale_min_k4), decoded to one byte each, four bytes at a time.
 */
final class KScales {
  private KScales() {}

  static long scales(MemorySegment w, long at) {
    int a = w.get(Lanes.INT, at);
    int c = w.get(Lanes.INT, at + 8);
    return join(a & 0x3F3F3F3F, (c & 0x0F0F0F0F) | (a >>> 2 & 0x30303030));
  }

  static long mins(MemorySegment w, long at) {
    int b = w.get(Lanes.INT, at + 4);
    int c = w.get(Lanes.INT, at + 8);
    return join(b & 0x3F3F3F3F, (c >>> 4 & 0x0F0F0F0F) | (b >>> 2 & 0x30303030));
  }

  private static long join(int first, int last) {
    return first | (long) last << 32;
  }

  static float at(long bytes, int i) {
    return (bytes >>> (8 * i)) & 0xFF;
  }
}
