package io.solebox.engine.source;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * One metadata value. Arrays are primitive and belong to whoever made them: nobody writes to them
 * afterwards.
 */
public sealed interface MetadataValue {
  /** Of an array, {@link ValueType#ARRAY}. */
  ValueType type();

  /**
   * A whole number.
   *
   * @param value for {@link ValueType#U64} the unsigned bits
   */
  record Whole(ValueType type, long value) implements MetadataValue {
    public Whole {
      if (!fits(type, value)) {
        throw new IllegalArgumentException(value + " is not a " + type);
      }
    }

    private static boolean fits(ValueType type, long value) {
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

  /** A {@link ValueType#F32} or {@link ValueType#F64}. */
  record Real(ValueType type, double value) implements MetadataValue {}

  record Bool(boolean value) implements MetadataValue {
    @Override
    public ValueType type() {
      return ValueType.BOOL;
    }
  }

  record Text(String value) implements MetadataValue {
    @Override
    public ValueType type() {
      return ValueType.STRING;
    }
  }

  /** An array of any kind. */
  sealed interface Array extends MetadataValue {
    ValueType elementType();

    int size();

    @Override
    default ValueType type() {
      return ValueType.ARRAY;
    }
  }

  /** Elements of {@link ValueType#U8} or {@link ValueType#I8}. */
  record Bytes(ValueType elementType, byte[] values) implements Array {
    @Override
    public int size() {
      return values.length;
    }
  }

  /** Elements of {@link ValueType#U16}, {@link ValueType#I16} or {@link ValueType#I32}. */
  record Ints(ValueType elementType, int[] values) implements Array {
    @Override
    public int size() {
      return values.length;
    }
  }

  /**
   * Elements of {@link ValueType#U32}, {@link ValueType#U64} (the bits) or {@link ValueType#I64}.
   */
  record Longs(ValueType elementType, long[] values) implements Array {
    @Override
    public int size() {
      return values.length;
    }
  }

  record Floats(float[] values) implements Array {
    @Override
    public ValueType elementType() {
      return ValueType.F32;
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  record Doubles(double[] values) implements Array {
    @Override
    public ValueType elementType() {
      return ValueType.F64;
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  record Bools(boolean[] values) implements Array {
    @Override
    public ValueType elementType() {
      return ValueType.BOOL;
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  /**
   * Strings, kept as UTF-8 so that a vocabulary of 100,000 tokens costs no objects.
   *
   * @param bytes all strings, one after the other
   * @param ends where string i ends in {@code bytes}; it starts where string i-1 ends
   */
  record Strings(byte[] bytes, int[] ends) implements Array {
    @Override
    public ValueType elementType() {
      return ValueType.STRING;
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
    public ValueType elementType() {
      return ValueType.ARRAY;
    }

    @Override
    public int size() {
      return values.size();
    }
  }
}
