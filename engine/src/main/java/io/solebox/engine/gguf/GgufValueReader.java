package io.solebox.engine.gguf;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads metadata values; arrays become primitive arrays of exactly the size that was checked. */
final class GgufValueReader {
  private static final int MAX_NESTING = 4;

  private final GgufCursor cursor;

  GgufValueReader(GgufCursor cursor) {
    this.cursor = cursor;
  }

  GgufValue read() throws IOException {
    GgufType type = readType();
    return switch (type) {
      case U8 -> new GgufValue.Whole(type, cursor.readByte() & 0xff);
      case I8 -> new GgufValue.Whole(type, cursor.readByte());
      case U16 -> new GgufValue.Whole(type, cursor.readShort() & 0xffff);
      case I16 -> new GgufValue.Whole(type, cursor.readShort());
      case U32 -> new GgufValue.Whole(type, cursor.readInt() & 0xffff_ffffL);
      case I32 -> new GgufValue.Whole(type, cursor.readInt());
      case U64, I64 -> new GgufValue.Whole(type, cursor.readLong());
      case F32 -> new GgufValue.Real(type, Float.intBitsToFloat(cursor.readInt()));
      case F64 -> new GgufValue.Real(type, Double.longBitsToDouble(cursor.readLong()));
      case BOOL -> new GgufValue.Bool(readBoolean());
      case STRING -> new GgufValue.Text(cursor.readString());
      case ARRAY -> readArray(1);
    };
  }

  private GgufType readType() throws IOException {
    long at = cursor.position();
    int id = cursor.readInt();
    return GgufType.byId(id).orElseThrow(() -> unknownType(at, id));
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

  private GgufValue.Array readArray(int depth) throws IOException {
    long at = cursor.position();
    GgufType type = readType();
    int count = cursor.readCount("array elements", type.minBytes());
    return switch (type) {
      case U8, I8 -> new GgufValue.Bytes(type, readBytes(count));
      case U16, I16, I32 -> new GgufValue.Ints(type, readInts(type, count));
      case U32, U64, I64 -> new GgufValue.Longs(type, readLongs(type, count));
      case F32 -> new GgufValue.Floats(readFloats(count));
      case F64 -> new GgufValue.Doubles(readDoubles(count));
      case BOOL -> new GgufValue.Bools(readBooleans(count));
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

  private int[] readInts(GgufType type, int count) throws IOException {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          type == GgufType.I32
              ? cursor.readInt()
              : type == GgufType.I16 ? cursor.readShort() : cursor.readShort() & 0xffff;
    }
    return values;
  }

  private long[] readLongs(GgufType type, int count) throws IOException {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = type == GgufType.U32 ? cursor.readInt() & 0xffff_ffffL : cursor.readLong();
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

  private GgufValue.Strings readStrings(int count) throws IOException {
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
    return new GgufValue.Strings(Arrays.copyOf(bytes, end), ends);
  }

  private GgufValue.Nested readNested(int count, int depth) throws IOException {
    List<GgufValue.Array> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(readArray(depth));
    }
    return new GgufValue.Nested(List.copyOf(values));
  }
}
