package io.solebox.reader;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * How the server and this program speak, in both directions: frames of a kind (one ASCII letter), a
 * length and so many bytes, numbers in big endian. The server sends {@code D} and the name of a
 * document, waits for {@code R}, and sends the document's bytes in frames {@code B} until {@code
 * E}. The answer is {@code T} (what it is), then {@code S} (a section: page or 0, how many
 * headings, each with its length before it), each followed by {@code t} (text of it, in pieces),
 * and {@code N} (notes), until {@code E}; or {@code X} (message and remedy, each with its length
 * before it) at any time. Texts are UTF-8.
 */
final class Frames {
  static final char DOCUMENT = 'D';
  static final char READY = 'R';
  static final char BYTES = 'B';
  static final char END = 'E';
  static final char TYPE = 'T';
  static final char SECTION = 'S';
  static final char TEXT = 't';
  static final char NOTE = 'N';
  static final char REFUSED = 'X';

  /** Of one frame, in bytes. */
  static final int MOST = 1 << 20;

  record Frame(char kind, byte[] content) {}

  private final DataInputStream in;
  private final DataOutputStream out;

  Frames(InputStream in, OutputStream out) {
    this.in = new DataInputStream(in);
    this.out = new DataOutputStream(out);
  }

  /**
   * @throws java.io.EOFException if nobody speaks any more
   */
  Frame read() throws IOException {
    char kind = (char) in.readUnsignedByte();
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new IOException("a frame of " + length + " bytes");
    }
    return new Frame(kind, in.readNBytes(length));
  }

  void write(char kind, byte... content) throws IOException {
    out.writeByte(kind);
    out.writeInt(content.length);
    out.write(content);
  }

  void flush() throws IOException {
    out.flush();
  }
}
