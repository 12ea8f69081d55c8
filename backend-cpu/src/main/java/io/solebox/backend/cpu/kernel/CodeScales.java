package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * How a format scales its codes: w = d (code - zero) + m, with a d and an m for each row and run of
 * columns, f32. Kept for the 16 rows of a group side by side, as compact as in the file or nearly.
 * All of d is exact, and m is rounded once, so vectors and plain Java agree.
 */
sealed interface CodeScales {
  /** Bytes for each row and block of the file. */
  int bytes();

  /** Whether any m is not 0. */
  boolean hasMins();

  /** Takes those of the block at {@code at} in the file to row {@code row} of the group's. */
  void pack(MemorySegment file, long at, MemorySegment out, long outAt, int row);

  /**
   * All of a block's d and m, [runs, 16] each from {@code to} on.
   *
   * @param m written only where {@link #hasMins}
   */
  void unpack(MemorySegment w, long at, float[] d, float[] m, int to);

  /** The same without vectors, for one row. */
  void unpackRow(MemorySegment w, long at, int row, float[] d, float[] m, int to);

  int ROWS = 16;

  /** Q4_0, Q5_0: one f16 d. */
  record Single() implements CodeScales {
    @Override
    public int bytes() {
      return 2;
    }

    @Override
    public boolean hasMins() {
      return false;
    }

    @Override
    public void pack(MemorySegment file, long at, MemorySegment out, long outAt, int row) {
      out.set(Lanes.SHORT, outAt + 2L * row, file.get(Lanes.SHORT, at));
    }

    @Override
    public void unpack(MemorySegment w, long at, float[] d, float[] m, int to) {
      for (int r = 0; r < ROWS; r += L) {
        Lanes.halfToFloat(Lanes.shorts(w, at + 2L * r)).intoArray(d, to + r);
      }
    }

    @Override
    public void unpackRow(MemorySegment w, long at, int row, float[] d, float[] m, int to) {
      d[to + row] = Plain.half(w.get(Lanes.SHORT, at + 2L * row));
    }
  }

  /**
   * Q4_1, Q5_1: f16 d and minimum, w = d code + minimum.
   *
   * @param zero of the codes
   */
  record Pair(int zero) implements CodeScales {
    @Override
    public int bytes() {
      return 4;
    }

    @Override
    public boolean hasMins() {
      return true;
    }

    @Override
    public void pack(MemorySegment file, long at, MemorySegment out, long outAt, int row) {
      out.set(Lanes.INT, outAt + 4L * row, file.get(Lanes.INT, at));
    }

    @Override
    public void unpack(MemorySegment w, long at, float[] d, float[] m, int to) {
      for (int r = 0; r < ROWS; r += L) {
        IntVector both = ints(w, at + 4L * r);
        FloatVector scale = lowHalf(both);
        scale.intoArray(d, to + r);
        scale.fma(Lanes.all(zero), highHalf(both)).intoArray(m, to + r);
      }
    }

    @Override
    public void unpackRow(MemorySegment w, long at, int row, float[] d, float[] m, int to) {
      int both = w.get(Lanes.INT, at + 4L * row);
      float scale = Plain.half((short) both);
      d[to + row] = scale;
      m[to + row] = Math.fma(scale, zero, Plain.half((short) (both >> 16)));
    }
  }

  /**
   * Q4_K, Q5_K: f16 d and dmin, then for each of eight runs a scale and a minimum of 6 bits, w = (d
   * scale) code - (dmin minimum). Kept as bytes: scale and minimum of two runs in a word.
   *
   * @param zero of the codes
   */
  record Nested(int zero) implements CodeScales {
    private static final int RUNS = 8;
    private static final long WORD = 4L * ROWS;

    @Override
    public int bytes() {
      return 4 + 2 * RUNS;
    }

    @Override
    public boolean hasMins() {
      return true;
    }

    @Override
    public void pack(MemorySegment file, long at, MemorySegment out, long outAt, int row) {
      long to = outAt + 4L * row;
      out.set(Lanes.INT, to, file.get(Lanes.INT, at));
      long scales = KScales.scales(file, at + 4);
      long mins = KScales.mins(file, at + 4);
      for (int i = 0; i < RUNS / 2; i++) {
        int s = (int) (scales >>> 16 * i);
        int m = (int) (mins >>> 16 * i);
        int word = s & 0xFF | (m & 0xFF) << 8 | (s & 0xFF00) << 8 | (m & 0xFF00) << 16;
        out.set(Lanes.INT, to + WORD * (1 + i), word);
      }
    }

    @Override
    public void unpack(MemorySegment w, long at, float[] d, float[] m, int to) {
      for (int r = 0; r < ROWS; r += L) {
        IntVector both = ints(w, at + 4L * r);
        FloatVector scale = lowHalf(both);
        FloatVector min = highHalf(both).neg();
        for (int i = 0; i < RUNS; i++) {
          IntVector word = ints(w, at + 4L * r + WORD * (1 + i / 2));
          IntVector own = word.lanewise(VectorOperators.LSHR, 16 * (i % 2));
          FloatVector ds = Lanes.toFloat(own.and(0xFF)).mul(scale);
          FloatVector ms = Lanes.toFloat(own.lanewise(VectorOperators.LSHR, 8).and(0xFF)).mul(min);
          ds.intoArray(d, to + ROWS * i + r);
          ds.fma(Lanes.all(zero), ms).intoArray(m, to + ROWS * i + r);
        }
      }
    }

    @Override
    public void unpackRow(MemorySegment w, long at, int row, float[] d, float[] m, int to) {
      int both = w.get(Lanes.INT, at + 4L * row);
      float scale = Plain.half((short) both);
      float min = -Plain.half((short) (both >> 16));
      for (int i = 0; i < RUNS; i++) {
        int own = w.get(Lanes.INT, at + 4L * row + WORD * (1 + i / 2)) >>> 16 * (i % 2);
        float ds = (own & 0xFF) * scale;
        d[to + ROWS * i + row] = ds;
        m[to + ROWS * i + row] = Math.fma(ds, zero, (own >>> 8 & 0xFF) * min);
      }
    }
  }

  /** Q6_K: f16 d, at the end of a block in the file, and before it sixteen signed 8-bit scales. */
  record Signed() implements CodeScales {
    private static final int RUNS = 16;
    private static final long WORD = 4L * ROWS;
    private static final long WORDS_AT = 2L * ROWS;

    @Override
    public int bytes() {
      return 2 + RUNS;
    }

    @Override
    public boolean hasMins() {
      return false;
    }

    @Override
    public void pack(MemorySegment file, long at, MemorySegment out, long outAt, int row) {
      out.set(Lanes.SHORT, outAt + 2L * row, file.get(Lanes.SHORT, at + 208));
      for (int i = 0; i < RUNS / 4; i++) {
        long to = outAt + WORDS_AT + 4L * row + WORD * i;
        out.set(Lanes.INT, to, file.get(Lanes.INT, at + 192 + 4L * i));
      }
    }

    @Override
    public void unpack(MemorySegment w, long at, float[] d, float[] m, int to) {
      for (int r = 0; r < ROWS; r += L) {
        FloatVector scale = Lanes.halfToFloat(Lanes.shorts(w, at + 2L * r));
        for (int i = 0; i < RUNS; i++) {
          IntVector word = ints(w, at + WORDS_AT + 4L * r + WORD * (i / 4));
          IntVector own = word.lanewise(VectorOperators.LSHL, 24 - 8 * (i % 4));
          Lanes.toFloat(own.lanewise(VectorOperators.ASHR, 24))
              .mul(scale)
              .intoArray(d, to + ROWS * i + r);
        }
      }
    }

    @Override
    public void unpackRow(MemorySegment w, long at, int row, float[] d, float[] m, int to) {
      float scale = Plain.half(w.get(Lanes.SHORT, at + 2L * row));
      for (int i = 0; i < RUNS; i++) {
        byte own = w.get(Lanes.BYTE, at + WORDS_AT + 4L * row + WORD * (i / 4) + i % 4);
        d[to + ROWS * i + row] = own * scale;
      }
    }
  }

  private static IntVector ints(MemorySegment w, long at) {
    return IntVector.fromMemorySegment(Lanes.I, w, at, Lanes.LE);
  }

  private static FloatVector lowHalf(IntVector both) {
    var low = both.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
    return Lanes.halfToFloat(low);
  }

  private static FloatVector highHalf(IntVector both) {
    return Lanes.halfToFloat(both.lanewise(VectorOperators.ASHR, 16));
  }
}
