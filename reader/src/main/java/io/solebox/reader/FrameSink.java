package io.solebox.reader;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells the server what was read. Nobody who hears it is the end of this program. */
final class FrameSink implements Sink {
  /** Characters of a piece, each at most three bytes. */
  private static final int PIECE = 100_000;

  /** Characters of a heading or a note; what is longer is none. */
  private static final int MOST_OF_A_LINE = 500;

  private static final int MOST_HEADINGS = 50;

  private final Frames frames;

  FrameSink(Frames frames) {
    this.frames = frames;
  }

  @Override
  public void type(DocumentType type) {
    write(Frames.TYPE, utf8(type.wireName()));
  }

  @Override
  public void section(Section section) {
    List<String> headings = section.headings();
    var head = new ByteArrayOutputStream();
    var data = new DataOutputStream(head);
    try {
      data.writeInt(section.page().orElse(0));
      int count = Math.min(headings.size(), MOST_HEADINGS);
      data.writeInt(count);
      for (String heading : headings.subList(0, count)) {
        writeText(data, heading);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // in memory
    }
    write(Frames.SECTION, head.toByteArray());
    String text = section.text();
    for (int from = 0; from < text.length(); ) {
      int to = end(text, from + PIECE);
      write(Frames.TEXT, utf8(text.substring(from, to)));
      from = to;
    }
  }

  @Override
  public void note(String note) {
    write(Frames.NOTE, utf8(bounded(note)));
  }

  void refused(Refusal refusal) {
    var both = new ByteArrayOutputStream();
    var data = new DataOutputStream(both);
    try {
      writeText(data, refusal.getMessage());
      writeText(data, refusal.remedy());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // in memory
    }
    write(Frames.REFUSED, both.toByteArray());
    flush();
  }

  void ready() {
    write(Frames.READY);
    flush();
  }

  void end() {
    write(Frames.END);
    flush();
  }

  private static void writeText(DataOutputStream data, String text) throws IOException {
    byte[] bytes = utf8(bounded(text));
    data.writeInt(bytes.length);
    data.write(bytes);
  }

  private static String bounded(String text) {
    return text.length() <= MOST_OF_A_LINE
        ? text
        : text.substring(0, end(text, MOST_OF_A_LINE)) + "...";
  }

  /** At most so far, and between characters. */
  private static int end(String text, int most) {
    int to = Math.min(text.length(), most);
    return to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void write(char kind, byte... content) {
    try {
      frames.write(kind, content);
    } catch (IOException e) {
      Runtime.getRuntime().halt(Main.ABANDONED);
    }
  }

  private void flush() {
    try {
      frames.flush();
    } catch (IOException e) {
      Runtime.getRuntime().halt(Main.ABANDONED);
    }
  }
}
