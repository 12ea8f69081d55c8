package io.solebox.server.documents;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Bytes as text: in what their byte order mark says, else in UTF-8, else in Windows-1252, which a
 * note says. Nothing is replaced.
 *
 * @param text ends of lines are {@code \n}
 * @param note where the encoding was guessed
 */
record Decoded(String text, Optional<String> note) {
  /** One in so many characters may be a control character that no text has any use for. */
  private static final int FEW = 1000;

  private record Mark(byte[] bytes, Charset charset) {
    Mark(String hex, Charset charset) {
      this(HexFormat.of().parseHex(hex), charset);
    }

    boolean begins(byte[] content) {
      return content.length >= bytes.length
          && Arrays.equals(content, 0, bytes.length, bytes, 0, bytes.length);
    }
  }

  /** UTF-32's first, of which one begins as UTF-16's does. */
  private static final List<Mark> MARKS =
      List.of(
          new Mark("0000feff", Charset.forName("UTF-32BE")),
          new Mark("fffe0000", Charset.forName("UTF-32LE")),
          new Mark("feff", StandardCharsets.UTF_16BE),
          new Mark("fffe", StandardCharsets.UTF_16LE),
          new Mark("efbbbf", StandardCharsets.UTF_8));

  /** Empty if the bytes are no text. */
  static Optional<Decoded> of(byte[] content) {
    for (Mark mark : MARKS) {
      if (mark.begins(content)) {
        int start = mark.bytes().length;
        return strict(content, start, mark.charset())
            .flatMap(text -> plain(text, Optional.empty()));
      }
    }
    Optional<String> utf8 = strict(content, 0, StandardCharsets.UTF_8);
    if (utf8.isPresent()) {
      return plain(utf8.get(), Optional.empty());
    }
    return strict(content, 0, Charset.forName("windows-1252"))
        .flatMap(
            text ->
                plain(
                    text,
                    Optional.of(
                        "It is not in UTF-8; it was read as Windows-1252 (Western European).")));
  }

  private static Optional<String> strict(byte[] content, int start, Charset charset) {
    try {
      CharBuffer text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(content, start, content.length - start));
      return Optional.of(text.toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static Optional<Decoded> plain(String text, Optional<String> note) {
    long controls = text.chars().filter(Decoded::isControl).count();
    return text.indexOf('\0') >= 0 || controls * FEW > text.length()
        ? Optional.empty()
        : Optional.of(new Decoded(text.replace("\r\n", "\n").replace('\r', '\n'), note));
  }

  /** But for spaces, ends of lines and pages, and the escape of logs in colour. */
  private static boolean isControl(int c) {
    return c < ' ' && (c < '\b' || c > '\r') && c != 0x1b;
  }
}
