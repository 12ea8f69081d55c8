package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.Codebook;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Weights of 4, 5 or 6 bits as 16-bit words, and the activations that belong to them, so that a
 * product takes one multiplication, one addition and less than one shift per 32 weights, and no
 * conversion of lanes.
 *
 * <p>Weights are taken in runs of columns, of which two lanes have every other pair; a lane keeps
 * its words of a run in so many planes. A word v has four fields, at bits 0, s1, s2 and s3, each
 * the code of a weight, or a part of it. The sum over its fields of code times activation is
 *
 * <pre>v y0 + (v >>> s1) y1 + (v >>> s2) y2 + (v >>> s3) y3   modulo 2^16</pre>
 *
 * where y0 = x0 and each further y takes back what the higher fields added to the term before: y1 =
 * x1 - 2^s1 x0, and so on. No field is ever masked out. With the zero point taken off at the start,
 * the sum of a lane fits 16 bits: at most 16 products of 16 x 127, or 8 of 32 x 127. So it is
 * exact, whatever happened modulo 2^16 on the way.
 */
public enum Codes {
  /** Four codes in a word. */
  FOUR(32, 4, 4, 4, 8, 12),
  /** Three codes in a word, and in its highest bit one of the five bits of the last code. */
  FIVE(32, 5, 3, 5, 10, 15),
  /** Two codes in a word, and twice two bits of the last two codes. */
  SIX(16, 3, 2, 6, 12, 14);

  /** Activations that share a scale. */
  public static final int BLOCK = 32;

  /** Fields of a word. */
  static final int FIELDS = 4;

  /** Ints before the y of a run: what the sums start at, scale, and scale times sum. */
  static final int HEADER = 3;

  /** Columns of a run. */
  final int columns;

  /** Words of a lane in a run. */
  final int planes;

  /** Where the fields begin. */
  final int s1;

  final int s2;
  final int s3;

  /** What is taken off each code. */
  final int zero;

  /** Ints of the activations of a run. */
  final int stride;

  /** For each plane and field, which of a lane's columns it belongs to. */
  private final int[] column;

  /** And the lowest bit of the column's code that it holds. */
  private final int[] bit;

  /** And where the field begins, from the begin of the one before. */
  private final int[] step;

  /**
   * @param whole fields of a word that hold whole codes; the others hold pieces of the last codes
   */
  Codes(int columns, int planes, int whole, int s1, int s2, int s3) {
    this.columns = columns;
    this.planes = planes;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
    this.zero = 1 << (s1 - 1);
    this.stride = HEADER + FIELDS * planes;
    this.column = new int[FIELDS * planes];
    this.bit = new int[FIELDS * planes];
    this.step = new int[] {0, s1, s2 - s1, s3 - s2};
    for (int i = 0; i < column.length; i++) {
      int field = i % FIELDS;
      int piece = i / FIELDS * (FIELDS - whole) + field - whole;
      int bits = Short.SIZE - s3;
      int pieces = Math.ceilDiv(s1, bits);
      column[i] = field < whole ? i / FIELDS * whole + field : planes * whole + piece / pieces;
      bit[i] = field < whole ? 0 : piece % pieces * bits;
    }
  }

  /** Those that hold what this codebook has; empty for other bits, and where values are uneven. */
  static Optional<Codes> of(Codebook book) {
    return Arrays.stream(values()).filter(c -> book.isLinear() && c.s1 == book.bits()).findFirst();
  }

  /** Where in a run a column of the first lane is; that of the second lane is two further. */
  private static int inRun(int column) {
    return 2 * column - column % 2;
  }

  /**
   * Packs the codes of a run, four in an int, to the two words of a row in each plane, that of the
   * first lane below.
   */
  void pack(int[] codes, int at, int[] out) {
    for (int plane = 0; plane < planes; plane++) {
      int words = 0;
      int shift = 0;
      for (int f = 0; f < FIELDS; f++) {
        int i = FIELDS * plane + f;
        int next = f + 1 < FIELDS ? shift + step[f + 1] : Short.SIZE;
        int mask = ((1 << (next - shift)) - 1) * 0x10001;
        int both = codes[at + column[i] / 2] >>> 8 * (column[i] % 2) + bit[i] & mask;
        words |= both << shift;
        shift = next;
      }
      out[plane] = words;
    }
  }

  /** Bytes of so many encoded activations. */
  public long bytes(int count) {
    return (long) Integer.BYTES * ints(count);
  }

  int ints(int count) {
    return Math.ceilDiv(count, BLOCK) * (BLOCK / columns) * stride;
  }

  /**
   * Encodes {@code count} activations, whole blocks: signed 8-bit integers q, x = d q with d the
   * block's largest over 127, and of these the y.
   */
  public void encode(MemorySegment x, long xAt, int count, MemorySegment out, long outAt) {
    int[] q = new int[BLOCK];
    int[] run = new int[stride];
    long at = outAt;
    for (int k = 0; k < count; k += BLOCK) {
      float d = quantize(x, xAt + 4L * k, q);
      for (int c = 0; c < BLOCK; c += columns) {
        encode(q, c, d, run);
        MemorySegment.copy(run, 0, out, Lanes.INT, at, stride);
        at += 4L * stride;
      }
    }
  }

  private static float quantize(MemorySegment x, long at, int[] q) {
    float max = 0;
    for (int i = 0; i < BLOCK; i++) {
      max = Math.max(max, Math.abs(x.get(Lanes.FLOAT, at + 4L * i)));
    }
    float inverse = max > 0 ? 127 / max : 0;
    for (int i = 0; i < BLOCK; i++) {
      // Adding 1.5 x 2^23 rounds to the nearest, ties to even, and leaves the integer in the bits.
      float shifted = x.get(Lanes.FLOAT, at + 4L * i) * inverse + Lanes.ROUND;
      q[i] = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(Lanes.ROUND);
    }
    return max / 127;
  }

  private void encode(int[] q, int at, float d, int[] run) {
    int first = sum(q, at);
    int second = sum(q, at + 2);
    run[0] = pair(-zero * first, -zero * second);
    run[1] = Float.floatToRawIntBits(d);
    run[2] = Float.floatToRawIntBits(d * (first + second));
    int before = 0;
    int secondBefore = 0;
    for (int i = 0; i < column.length; i++) {
      int from = at + inRun(column[i]);
      int x = q[from] << bit[i];
      int secondX = q[from + 2] << bit[i];
      int field = i % FIELDS;
      int back = field == 0 ? 0 : 1 << step[field];
      run[HEADER + i] = pair(x - before * back, secondX - secondBefore * back);
      before = x;
      secondBefore = secondX;
    }
  }

  private static int pair(int first, int second) {
    return first & 0xFFFF | second << Short.SIZE;
  }

  /** Over the columns of a lane. */
  private int sum(int[] q, int at) {
    int sum = 0;
    for (int i = 0; i < columns; i += 4) {
      sum += q[at + i] + q[at + i + 1];
    }
    return sum;
  }
}
