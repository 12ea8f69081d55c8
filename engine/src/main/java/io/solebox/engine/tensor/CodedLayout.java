package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The scalar truth of a quantized format, from where a block keeps its codes and the integers of
 * its scales. What they are worth is the same for all formats of a {@link Family}.
 */
public abstract class CodedLayout implements BlockLayout {
  private final TensorType type;
  private final Scales scales;
  private final int[] book;
  private final float[] values;

  CodedLayout(TensorType type) {
    Family family = type.family().orElseThrow();
    this.type = type;
    this.scales = family.scales();
    this.book = family.codes().values().stream().mapToInt(v -> v).toArray();
    this.values = new float[book.length];
    for (int code = 0; code < book.length; code++) {
      values[code] = book[code];
    }
  }

  /**
   * The codes of a block, unsigned bytes in the order of the weights, four in an int, the first
   * lowest.
   *
   * @param block where it begins, in bytes; need not be aligned
   */
  public abstract void codes(MemorySegment src, long block, int[] codes);

  /** What the codes of a block stand for, before they are scaled. */
  final void values(MemorySegment src, long block, int[] out) {
    int[] codes = new int[type.blockSize() / 4];
    codes(src, block, codes);
    for (int i = 0; i < out.length; i++) {
      out[i] = book[codes[i >> 2] >>> 8 * (i & 3) & 0xff];
    }
  }

  /** The integer that a run has for its scale; 1 where the format has none. */
  public int scale(MemorySegment src, long block, int run) {
    return 1;
  }

  /** The integer that a run has for its minimum; 1 where the format has none. */
  public int minimum(MemorySegment src, long block, int run) {
    return 1;
  }

  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    assert count % type.blockSize() == 0 : count;
    int[] codes = new int[type.blockSize() / 4];
    int run = scales.run();
    int runs = type.blockSize() / run;
    int to = dstOffset;
    for (long at = srcOffset; to < dstOffset + count; at += type.blockBytes()) {
      codes(src, at, codes);
      float d = scales.scale(src, at);
      for (int r = 0; r < runs; r++, to += run) {
        float scale = d * scale(src, at, r);
        if (scales.hasMinimums()) {
          values(codes, r * run, run, scale, minimumOf(src, at, r), dst, to);
        } else {
          values(codes, r * run, run, scale, dst, to);
        }
      }
    }
  }

  private float minimumOf(MemorySegment src, long block, int run) {
    float m = scales.minimum(src, block);
    return scales.bits() == 0 ? m : -(m * minimum(src, block, run));
  }

  private void values(
      int[] codes, int from, int n, float scale, float minimum, float[] dst, int at) {
    for (int i = 0; i < n; i += 4) {
      int four = codes[from + i >> 2];
      dst[at + i] = scale * values[four & 0xff] + minimum;
      dst[at + i + 1] = scale * values[four >>> 8 & 0xff] + minimum;
      dst[at + i + 2] = scale * values[four >>> 16 & 0xff] + minimum;
      dst[at + i + 3] = scale * values[four >>> 24] + minimum;
    }
  }

  /** Without a minimum; adding 0 would take the sign from a zero. */
  private void values(int[] codes, int from, int n, float scale, float[] dst, int at) {
    for (int i = 0; i < n; i += 4) {
      int four = codes[from + i >> 2];
      dst[at + i] = scale * values[four & 0xff];
      dst[at + i + 1] = scale * values[four >>> 8 & 0xff];
      dst[at + i + 2] = scale * values[four >>> 16 & 0xff];
      dst[at + i + 3] = scale * values[four >>> 24];
    }
  }
}
