package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.tensor.CodedLayout;
import io.solebox.engine.tensor.Family;
import io.solebox.engine.tensor.Scales;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
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

  /**
   * Those of a format; empty where there are none for it.
   *
   * @param codes of its codes
   */
  static Optional<CodeScales> of(TensorType type, Family family, Codes codes, CodedLayout file) {
    boolean centered = -family.codes().value(0) == codes.zero;
    boolean fromZero = family.codes().value(0) == 0;
    int runs = type.blockSize() / family.scales().run();
    return switch (family.scales()) {
      case Scales.Single s when centered && runs == 1 -> Optional.of(new Single(s.at()));
      case Scales.Pair s when fromZero && runs == 1 -> Optional.of(new Pair(s.at(), codes.zero));
      case Scales.Nested s when fromZero && runs == Nested.RUNS ->
          Optional.of(new Nested(s.at(), codes.zero, file));
      case Scales.Signed s when centered && runs == Signed.RUNS ->
          Optional.of(new Signed(s.at(), file));
      case Scales.Single _, Scales.Power _, Scales.Pair _, Scales.Nested _, Scales.Signed _ ->
          Optional.empty();
      case Scales.Odd _, Scales.Scattered _, Scales.Minifloats _ -> Optional.empty();
    };
  }

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

  /**
   * One f16 d.
   *
   * @param from where a block of the file has it
   */
  record Single(int from) implements CodeScales {
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
      out.set(Lanes.SHORT, outAt + 2L * row, file.get(Lanes.SHORT, at + from));
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
   * An f16 d and minimum, w = d code + minimum.
   *
   * @param from where a block of the file has both
   * @param zero of the codes
   */
  record Pair(int from, int zero) implements CodeScales {
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
      out.set(Lanes.INT, outAt + 4L * row, file.get(Lanes.INT, at + from));
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
   * An f16 d and dmin, and for each of eight runs a scale and a minimum, unsigned, w = (d scale)
   * code - (dmin minimum). Kept as bytes: scale and minimum of two runs in a word.
   *
   * @param from where a block of the file has d and dmin
   * @param zero of the codes
   * @param layout of the file
   */
  record Nested(int from, int zero, CodedLayout layout) implements CodeScales {
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
      out.set(Lanes.INT, to, file.get(Lanes.INT, at + from));
      for (int i = 0; i < RUNS; i += 2) {
        int first = layout.scale(file, at, i) | layout.minimum(file, at, i) << 8;
        int second = layout.scale(file, at, i + 1) | layout.minimum(file, at, i + 1) << 8;
        out.set(Lanes.INT, to + WORD * (1 + i / 2), first | second << 16);
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

  /**
   * An f16 d, and for each of sixteen runs a signed scale, kept as bytes.
   *
   * @param from where a block of the file has d
   * @param layout of the file
   */
  record Signed(int from, CodedLayout layout) implements CodeScales {
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
      out.set(Lanes.SHORT, outAt + 2L * row, file.get(Lanes.SHORT, at + from));
      for (int i = 0; i < RUNS; i++) {
        long to = outAt + WORDS_AT + 4L * row + WORD * (i / 4) + i % 4;
        out.set(Lanes.BYTE, to, (byte) layout.scale(file, at, i));
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
