package io.solebox.hardware.board;

import java.util.Arrays;

/**
 * One frame of the link: magic, version, type, sequence, length, payload, CRC. {@code
 * docs/board.md} has the table.
 *
 * @param version of the link, 0 to 255
 * @param type a request's, an order's or an answer's, 0 to 255
 * @param sequence an answer has that of its question, 0 to 255
 * @param payload at most {@link #MOST_PAYLOAD} bytes
 */
record Frame(int version, int type, int sequence, byte[] payload) {
  static final int VERSION = 1;
  static final byte[] MAGIC = {0x53, (byte) 0xb0};

  /** Magic, version, type, sequence, length. */
  static final int HEADER = 6;

  /** Where the length stands. */
  static final int LENGTH_AT = 5;

  static final int CRC = 2;
  static final int MOST_PAYLOAD = 192;
  static final int MOST = HEADER + MOST_PAYLOAD + CRC;

  /** One of this version. */
  static Frame of(int type, int sequence, byte... payload) {
    return new Frame(VERSION, type, sequence, payload);
  }

  byte[] bytes() {
    if (payload.length > MOST_PAYLOAD) {
      throw new IllegalArgumentException("a payload of " + payload.length + " bytes");
    }
    byte[] bytes = new byte[HEADER + payload.length + CRC];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[2] = (byte) version;
    bytes[3] = (byte) type;
    bytes[4] = (byte) sequence;
    bytes[LENGTH_AT] = (byte) payload.length;
    System.arraycopy(payload, 0, bytes, HEADER, payload.length);
    int crc = Crc16.of(bytes, 0, bytes.length - CRC);
    bytes[bytes.length - CRC] = (byte) crc;
    bytes[bytes.length - 1] = (byte) (crc >> 8);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frame(int itsVersion, int itsType, int itsSequence, byte[] its)
        && version == itsVersion
        && type == itsType
        && sequence == itsSequence
        && Arrays.equals(payload, its);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  @Override
  public String toString() {
    return "Frame[version=%d, type=0x%02x, sequence=%d, payload=%s]"
        .formatted(version, type, sequence, Arrays.toString(payload));
  }
}
