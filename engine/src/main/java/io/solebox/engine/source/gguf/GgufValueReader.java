package io.solebox.engine.source.gguf;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads metadata values; arrays become primitive arrays of exactly the size that was checked. */
final class GgufValueReader {
  private static final int MAX_NESTING = 4;

  /** Arrays inside arrays, in a whole file; no known model has one. */
  private static final int MAX_NESTED = 1 << 14;

  private final GgufCursor cursor;
  private int nested;

  GgufValueReader(GgufCursor cursor) {
    this.cursor = cursor;
  }

  MetadataValue read() throws IOException {
    ValueType type = readType();
    return switch (type) {
      case U8 -> new MetadataValue.Whole(type, cursor.readByte() & 0xff);
      case I8 -> new MetadataValue.Whole(type, cursor.readByte());
      case U16 -> new MetadataValue.Whole(type, cursor.readShort() & 0xffff);
      case I16 -> new MetadataValue.Whole(type, cursor.readShort());
      case U32 -> new MetadataValue.Whole(type, cursor.readInt() & 0xffff_ffffL);
      case I32 -> new MetadataValue.Whole(type, cursor.readInt());
      case U64, I64 -> new MetadataValue.Whole(type, cursor.readLong());
      case F32 -> new MetadataValue.Real(type, Float.intBitsToFloat(cursor.readInt()));
      case F64 -> new MetadataValue.Real(type, Double.longBitsToDouble(cursor.readLong()));
      case BOOL -> new MetadataValue.Bool(readBoolean());
      case STRING -> new MetadataValue.Text(cursor.readString());
      case ARRAY -> readArray(1);
    };
  }

  private ValueType readType() throws IOException {
    long at = cursor.position();
    int id = cursor.readInt();
    return GgufTypes.byId(id).orElseThrow(() -> unknownType(at, id));
  }

  private SoleboxException unknownType(long at, int id) {
    return cursor.bad(at, "unknown value type " + Integer.toUnsignedString(id));
  }

  private boolean readBoolean() throws IOException {
    long at = cursor.position();
    byte value = cursor.readByte();
    if (value != 0 && value != 1) {
      throw cursor.bad(at, "a boolean must be 0 or 1, is " + (value & 0xff));
    }
    return value == 1;
  }

  private MetadataValue.Array readArray(int depth) throws IOException {
    long at = cursor.position();
    ValueType type = readType();
    int count = cursor.readCount("array elements", GgufTypes.minBytes(type));
    return switch (type) {
      case U8, I8 -> new MetadataValue.Bytes(type, readBytes(count));
      case U16, I16, I32 -> new MetadataValue.Ints(type, readInts(type, count));
      case U32, U64, I64 -> new MetadataValue.Longs(type, readLongs(type, count));
      case F32 -> new MetadataValue.Floats(readFloats(count));
      case F64 -> new MetadataValue.Doubles(readDoubles(count));
      case BOOL -> new MetadataValue.Bools(readBooleans(count));
      case STRING -> readStrings(count);
      case ARRAY -> {
        if (depth == MAX_NESTING) {
          throw cursor.bad(at, "arrays are nested more than " + MAX_NESTING + " deep");
        }
        yield readNested(count, depth + 1);
      }
    };
  }

  private byte[] readBytes(int count) throws IOException {
    byte[] values = new byte[count];
    cursor.readBytes(values, 0, count);
    return values;
  }

  private int[] readInts(ValueType type, int count) throws IOException {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          type == ValueType.I32
              ? cursor.readInt()
              : type == ValueType.I16 ? cursor.readShort() : cursor.readShort() & 0xffff;
    }
    return values;
  }

  private long[] readLongs(ValueType type, int count) throws IOException {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = type == ValueType.U32 ? cursor.readInt() & 0xffff_ffffL : cursor.readLong();
    }
    return values;
  }

  private float[] readFloats(int count) throws IOException {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(cursor.readInt());
    }
    return values;
  }

  private double[] readDoubles(int count) throws IOException {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Double.longBitsToDouble(cursor.readLong());
    }
    return values;
  }

  private boolean[] readBooleans(int count) throws IOException {
    boolean[] values = new boolean[count];
    for (int i = 0; i < count; i++) {
      values[i] = readBoolean();
    }
    return values;
  }

  private MetadataValue.Strings readStrings(int count) throws IOException {
    byte[] bytes = new byte[(int) Math.min(cursor.bytesLeft(), 16L * count)];
    int[] ends = new int[count];
    int end = 0;
    for (int i = 0; i < count; i++) {
      int length = cursor.readCount("bytes of text", 1);
      if (length > bytes.length - end) {
        // The header's limit keeps both terms far below 2^31.
        bytes = Arrays.copyOf(bytes, Math.max(end + length, bytes.length + bytes.length / 2));
      }
      cursor.readBytes(bytes, end, length);
      end += length;
      ends[i] = end;
    }
    return new MetadataValue.Strings(Arrays.copyOf(bytes, end), ends);
  }

  private MetadataValue.Nested readNested(int count, int depth) throws IOException {
    List<MetadataValue.Array> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (++nested > MAX_NESTED) {
        throw cursor.bad(cursor.position(), "more than " + MAX_NESTED + " arrays inside arrays");
      }
      values.add(readArray(depth));
    }
    return new MetadataValue.Nested(List.copyOf(values));
  }
}
