package io.solebox.engine.gguf;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * One metadata value. Arrays are primitive and belong to the reader: nobody writes to them after
 * parsing.
 */
public sealed interface GgufValue {
  /** The type in the file; of an array, {@link GgufType#ARRAY}. */
  GgufType type();

  /**
   * A whole number.
   *
   * @param value as in the file; for {@link GgufType#U64} the unsigned bits
   */
  record Whole(GgufType type, long value) implements GgufValue {
    public Whole {
      if (!fits(type, value)) {
        throw new IllegalArgumentException(value + " is not a " + type);
      }
    }

    private static boolean fits(GgufType type, long value) {
      return switch (type) {
        case U8 -> value == (value & 0xff);
        case I8 -> value == (byte) value;
        case U16 -> value == (value & 0xffff);
        case I16 -> value == (short) value;
        case U32 -> value == (value & 0xffff_ffffL);
        case I32 -> value == (int) value;
        case U64, I64 -> true;
        case F32, F64, BOOL, STRING, ARRAY -> false;
      };
    }
  }

  /** A {@link GgufType#F32} or {@link GgufType#F64}. */
  record Real(GgufType type, double value) implements GgufValue {}

  record Bool(boolean value) implements GgufValue {
    @Override
    public GgufType type() {
      return GgufType.BOOL;
    }
  }

  record Text(String value) implements GgufValue {
    @Override
    public GgufType type() {
      return GgufType.STRING;
    }
  }

  /** An array of any kind. */
  sealed interface Array extends GgufValue {
    GgufType elementType();

    int size();

    @Override
    default GgufType type() {
      return GgufType.ARRAY;
    }
  }

  /** Elements of {@link GgufType#U8} or {@link GgufType#I8}. */
  record Bytes(GgufType elementType, byte[] values) implements Array {
    @Override
    public int size() {
      return values.length;
    }
  }

  /** Elements of {@link GgufType#U16}, {@link GgufType#I16} or {@link GgufType#I32}. */
  record Ints(GgufType elementType, int[] values) implements Array {
    @Override
    public int size() {
      return values.length;
    }
  }

  /** Elements of {@link GgufType#U32}, {@link GgufType#U64} (the bits) or {@link GgufType#I64}. */
  record Longs(GgufType elementType, long[] values) implements Array {
    @Override
    public int size() {
      return values.length;
    }
  }

  record Floats(float[] values) implements Array {
    @Override
    public GgufType elementType() {
      return GgufType.F32;
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  record Doubles(double[] values) implements Array {
    @Override
    public GgufType elementType() {
      return GgufType.F64;
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  record Bools(boolean[] values) implements Array {
    @Override
    public GgufType elementType() {
      return GgufType.BOOL;
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  /**
   * Strings, kept as the file's UTF-8 so that a vocabulary of 100,000 tokens costs no objects.
   *
   * @param bytes all strings, one after the other
   * @param ends where string i ends in {@code bytes}; it starts where string i-1 ends
   */
  record Strings(byte[] bytes, int[] ends) implements Array {
    @Override
    public GgufType elementType() {
      return GgufType.STRING;
    }

    @Override
    public int size() {
      return ends.length;
    }

    public int start(int index) {
      return index == 0 ? 0 : ends[index - 1];
    }

    public int end(int index) {
      return ends[index];
    }

    public String get(int index) {
      int start = start(index);
      return new String(bytes, start, ends[index] - start, StandardCharsets.UTF_8);
    }

    /** A view; every access decodes anew. */
    public List<String> asList() {
      return new View(this);
    }

    /** The strings as a list, decoded at each access. */
    private static final class View extends AbstractList<String> implements RandomAccess {
      private final Strings strings;

      View(Strings strings) {
        this.strings = strings;
      }

      @Override
      public String get(int index) {
        return strings.get(index);
      }

      @Override
      public int size() {
        return strings.size();
      }
    }
  }

  /** An array of arrays; no known model has one. */
  record Nested(List<Array> values) implements Array {
    @Override
    public GgufType elementType() {
      return GgufType.ARRAY;
    }

    @Override
    public int size() {
      return values.size();
    }
  }
}
