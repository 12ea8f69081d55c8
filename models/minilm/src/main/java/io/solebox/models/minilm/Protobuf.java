package io.solebox.models.minilm;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of a message of Protocol Buffers (protobuf.dev/programming-guides/encoding);
 * whoever calls it knows which field means what.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final String place;
  private final ByteBuffer message;
  private int field;
  private int wireType;
  private long number;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  /**
   * @param place of the message, for errors
   */
  Protobuf(String place, ByteBuffer message) {
    this.place = place;
    this.message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the next field; false at the end.
   *
   * @throws SoleboxException {@code BAD_MODEL_FILE}
   */
  boolean next() {
    if (!message.hasRemaining()) {
      return false;
    }
    try {
      long tag = varint();
      field = (int) (tag >>> 3);
      wireType = (int) tag & 7;
      switch (wireType) {
        case VARINT -> number = varint();
        case FIXED64 -> number = message.getLong();
        case FIXED32 -> number = message.getInt();
        case BYTES -> bytes = take(varint());
        default -> throw bad();
      }
      return true;
    } catch (BufferUnderflowException e) {
      throw bad();
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = message.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw bad();
  }

  private ByteBuffer take(long length) {
    if (length < 0 || length > message.remaining()) {
      throw bad();
    }
    ByteBuffer part = message.slice(message.position(), (int) length);
    message.position(message.position() + (int) length);
    return part.order(ByteOrder.LITTLE_ENDIAN);
  }

  int field() {
    return field;
  }

  /** Of a field that is a number. */
  long number() {
    require(wireType != BYTES);
    return number;
  }

  /** Of a field that is bytes, text or a message. */
  ByteBuffer bytes() {
    require(wireType == BYTES);
    return bytes;
  }

  String text() {
    return StandardCharsets.UTF_8.decode(bytes().duplicate()).toString();
  }

  Protobuf message() {
    return new Protobuf(place, bytes());
  }

  /** Whether several numbers stand in one field, as {@link #message} then gives them. */
  boolean isPacked() {
    return wireType == BYTES;
  }

  /** The next of packed numbers; this is their message. */
  long packedNumber() {
    try {
      return varint();
    } catch (BufferUnderflowException e) {
      throw bad();
    }
  }

  boolean hasMore() {
    return message.hasRemaining();
  }

  private void require(boolean ok) {
    if (!ok) {
      throw bad();
    }
  }

  private SoleboxException bad() {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place + ", byte " + message.position() + " of a message",
        "This is no message of Protocol Buffers, or it is cut short.",
        "Fetch the artifact again.");
  }
}
