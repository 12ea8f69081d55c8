package io.solebox.server.documents;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How the reader's program is spoken to, in both directions: frames of a kind (one ASCII letter), a
 * length and so many bytes, numbers in big endian. It is sent {@code D} and the name of a document,
 * answers {@code R}, and is sent the document's bytes in frames {@code B} until {@code E}. Then it
 * says {@code T} (what it is), {@code S} (a section: page or 0, how many headings, each with its
 * length before it), each followed by {@code t} (text of it, in pieces), and {@code N} (notes),
 * until {@code E}; or {@code X} (message and remedy, each with its length before it) at any time.
 * Texts are UTF-8. What it says is believed no further than that.
 */
final class ReaderFrames {
  /** Of one frame, in bytes. */
  static final int MOST = 1 << 20;

  private static final int MOST_HEADINGS = 100;

  /** What it says. */
  sealed interface Frame {
    record Ready() implements Frame {}

    record Type(String name) implements Frame {}

    record Begin(Place place) implements Frame {}

    record Text(String piece) implements Frame {}

    record Note(String text) implements Frame {}

    record Refused(String message, String remedy) implements Frame {}

    record End() implements Frame {}
  }

  private final DataInputStream in;
  private final DataOutputStream out;

  ReaderFrames(InputStream in, OutputStream out) {
    this.in = new DataInputStream(in);
    this.out = new DataOutputStream(out);
  }

  /**
   * Waits for the next.
   *
   * @throws java.io.EOFException if it ended
   * @throws IOException if it said what makes no sense
   */
  Frame read() throws IOException {
    int kind = in.readUnsignedByte();
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new IOException("a frame of " + length + " bytes");
    }
    byte[] content = in.readNBytes(length);
    var data = new DataInputStream(new ByteArrayInputStream(content));
    return switch (kind) {
      case 'R' -> new Frame.Ready();
      case 'T' -> new Frame.Type(text(content));
      case 'S' -> new Frame.Begin(place(data));
      case 't' -> new Frame.Text(text(content));
      case 'N' -> new Frame.Note(text(content));
      case 'X' -> new Frame.Refused(part(data), part(data));
      case 'E' -> new Frame.End();
      default -> throw new IOException("a frame of the kind " + kind);
    };
  }

  private static Place place(DataInputStream data) throws IOException {
    int page = data.readInt();
    int count = data.readInt();
    if (count < 0 || count > MOST_HEADINGS || page < 0) {
      throw new IOException("a section on page " + page + " under " + count + " headings");
    }
    List<String> headings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headings.add(part(data));
    }
    return new Place(page == 0 ? OptionalInt.empty() : OptionalInt.of(page), headings);
  }

  private static String part(DataInputStream data) throws IOException {
    int length = data.readInt();
    if (length < 0 || length > data.available()) {
      throw new IOException("a text of " + length + " bytes");
    }
    return text(data.readNBytes(length));
  }

  private static String text(byte[] utf8) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(utf8))
        .toString();
  }

  void document(String name) throws IOException {
    write('D', name.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(byte[] bytes) throws IOException {
    write('B', bytes);
  }

  void end() throws IOException {
    write('E');
  }

  private void write(char kind, byte... content) throws IOException {
    out.writeByte(kind);
    out.writeInt(content.length);
    out.write(content);
    out.flush();
  }
}
