package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian access at any offset. */
final class Le {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Le() {}

  static int signedByte(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_BYTE, offset);
  }

  static int unsignedByte(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  static void putByte(MemorySegment segment, long offset, int value) {
    segment.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
  }

  static short bits16(MemorySegment segment, long offset) {
    return segment.get(SHORT, offset);
  }

  static void putBits16(MemorySegment segment, long offset, short bits) {
    segment.set(SHORT, offset, bits);
  }

  static int bits32(MemorySegment segment, long offset) {
    return segment.get(INT, offset);
  }

  static void putBits32(MemorySegment segment, long offset, int bits) {
    segment.set(INT, offset, bits);
  }

  static float f16(MemorySegment segment, long offset) {
    return Float.float16ToFloat(segment.get(SHORT, offset));
  }

  static void f32(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    MemorySegment.copy(src, FLOAT, srcOffset, dst, dstOffset, count);
  }

  static void putF32(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    MemorySegment.copy(src, srcOffset, dst, FLOAT, dstOffset, count);
  }
}
