package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Arrays;

/**
 * Steps through the fields of a Protocol Buffers message (protobuf.dev: programming guides,
 * encoding). For one thread.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final String place;
  private final byte[] message;
  private final int to;
  private int at;

  /** The field that was read last: its number, and what it holds as a number or as bytes. */
  private int field;

  private long number;
  private int start;
  private int end;

  /**
   * @param place the file, for errors
   */
  ProtoReader(String place, byte[] message) {
    this(place, message, 0, message.length);
  }

  private ProtoReader(String place, byte[] message, int from, int to) {
    this.place = place;
    this.message = message;
    this.at = from;
    this.to = to;
  }

  /**
   * Reads the next field; false at the end.
   *
   * @throws SoleboxException {@code BAD_MODEL_FILE} naming the place
   */
  boolean next() {
    if (at >= to) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    start = at;
    switch ((int) tag & 7) {
      case VARINT -> number = varint();
      case FIXED64 -> take(8);
      case FIXED32 -> {
        take(4);
        number = little(start);
      }
      case BYTES -> {
        long length = varint();
        start = at;
        take(length);
      }
      default -> throw bad();
    }
    end = at;
    return true;
  }

  private SoleboxException bad() {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place + " at offset " + at,
        "This is not a SentencePiece model, or it is cut short.",
        "Download the file again.");
  }

  private void take(long bytes) {
    if (bytes < 0 || bytes > to - at) {
      throw bad();
    }
    at += (int) bytes;
  }

  private int little(int from) {
    return (message[from] & 0xff)
        | (message[from + 1] & 0xff) << 8
        | (message[from + 2] & 0xff) << 16
        | message[from + 3] << 24;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == to) {
        throw bad();
      }
      byte next = message[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw bad();
  }

  int field() {
    return field;
  }

  int number() {
    return (int) number;
  }

  boolean flag() {
    return number != 0;
  }

  float real() {
    return Float.intBitsToFloat((int) number);
  }

  byte[] bytes() {
    return Arrays.copyOfRange(message, start, end);
  }

  /** The message that the field holds. */
  ProtoReader message() {
    return new ProtoReader(place, message, start, end);
  }
}
