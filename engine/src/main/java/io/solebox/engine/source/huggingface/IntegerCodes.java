package io.solebox.engine.source.huggingface;

import io.solebox.engine.tensor.SmallBlocks;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A matrix of whole numbers with scales by group of columns, however a format packs them: {@code w
 * = scale * (code - zero)}. It becomes blocks of 32 with the same values where groups are whole
 * blocks: scales stay, and codes are counted from 0. Others become floats.
 *
 * @param rows of outputs
 * @param cols of inputs
 * @param bits of a code, 2, 4 or 8
 * @param codes where they are
 * @param scales of each row and group
 * @param zeros of each row and group
 * @param symmetric whether all zeros are in the middle
 * @param groups of each column
 */
record IntegerCodes(
    String place,
    int rows,
    int cols,
    int bits,
    Codes codes,
    Scales scales,
    Zeros zeros,
    boolean symmetric,
    Groups groups) {
  private static final int BLOCK = SmallBlocks.SIZE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** Unpacks codes. */
  interface Codes {
    /**
     * @param into {@code [count, cols]}, unsigned
     */
    void unpack(int row, int count, byte[] into);
  }

  /** Numbers by row and group. */
  interface Scales {
    float of(int row, int group);
  }

  /** Zero points by row and group. */
  interface Zeros {
    int of(int row, int group);
  }

  /**
   * Which columns share a scale.
   *
   * @param size columns of each group, where they lie side by side
   * @param byColumn the group of each, where they do not
   */
  record Groups(int size, int[] byColumn) {
    static Groups sideBySide(int size) {
      return new Groups(size, new int[0]);
    }

    boolean areApart() {
      return byColumn.length > 0;
    }

    int ofColumn(int column) {
      return areApart() ? byColumn[column] : column / size;
    }
  }

  /** What it becomes: blocks, or floats. */
  TensorType type(TensorType floats) {
    if (groups.areApart() || groups.size() % BLOCK != 0 || cols % BLOCK != 0) {
      return floats;
    }
    return switch (bits) {
      case 2 -> TensorType.Q4_0;
      case 4 -> symmetric ? TensorType.Q4_0 : TensorType.Q5_0;
      default -> symmetric ? TensorType.Q8_0 : floats;
    };
  }

  /**
   * @param floats the format where there are no blocks that hold the values
   */
  Rows rows(TensorType floats) {
    return rows(type(floats), floats);
  }

  /** What the codes stand for, in f32. */
  Rows values() {
    return rows(TensorType.F32, TensorType.F32);
  }

  private Rows rows(TensorType type, TensorType floats) {
    TensorBytes.RowMaker maker =
        (row, count, to) -> {
          byte[] unpacked = new byte[count * cols];
          codes.unpack(row, count, unpacked);
          for (int r = 0; r < count; r++) {
            MemorySegment out = to.asSlice(r * type.bytes(cols));
            if (type == floats) {
              writeFloats(row + r, unpacked, r * cols, type, out);
            } else {
              writeBlocks(row + r, unpacked, r * cols, type, out);
            }
          }
        };
    return new Rows(
        type,
        List.of((long) rows, (long) cols),
        new TensorBytes.Made(maker, type.bytes(cols), rows));
  }

  private void writeFloats(int row, byte[] unpacked, int at, TensorType type, MemorySegment out) {
    for (int c = 0; c < cols; c++) {
      int group = groups.ofColumn(c);
      int code = (unpacked[at + c] & 0xff) - zeros.of(row, group);
      put(out, c, scales.of(row, group) * code, type);
    }
  }

  static void put(MemorySegment out, int index, float value, TensorType type) {
    if (type == TensorType.F32) {
      out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * index, value);
      return;
    }
    short bits = type == TensorType.F16 ? Float.floatToFloat16(value) : bf16(value);
    out.set(SHORT, 2L * index, bits);
  }

  /** The nearest, and of two the even one. */
  static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.isNaN(value)
        ? (short) (bits >>> 16 | 0x40)
        : (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  private void writeBlocks(int row, byte[] unpacked, int at, TensorType type, MemorySegment out) {
    int[] values = new int[BLOCK];
    int middle = 1 << bits - 1;
    for (int block = 0; block < cols / BLOCK; block++) {
      int group = block * BLOCK / groups.size();
      int zero = zeros.of(row, group);
      if (symmetric && zero != middle) {
        throw Quantization.bad(
            place,
            "the zero of row %d, group %d is %d, and the model calls itself symmetric"
                .formatted(row, group, zero));
      }
      for (int i = 0; i < BLOCK; i++) {
        values[i] = (unpacked[at + block * BLOCK + i] & 0xff) - zero;
      }
      SmallBlocks.put(out, block * (long) type.blockBytes(), type, scales.of(row, group), values);
    }
  }
}
