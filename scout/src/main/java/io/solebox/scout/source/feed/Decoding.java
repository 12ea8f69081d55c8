package io.solebox.scout.source.feed;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes text of the bytes of an XML document: by its mark, else by the header, else by its own
 * declaration, as RFC 7303 orders them. What is no UTF-8 though it should be is taken for
 * Windows-1252, as browsers do.
 */
final class Decoding {
  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final Pattern HEADER =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*[\"']?([\\w.:-]{1,40})");
  private static final Pattern DECLARED =
      Pattern.compile("^\\s*<\\?xml[^>]{0,100}?encoding\\s*=\\s*[\"']([\\w.:-]{1,40})[\"']");
  private static final int HEAD_BYTES = 256;

  private Decoding() {}

  /**
   * The text of a document.
   *
   * @param type as of the header {@code Content-Type}
   */
  static String text(byte[] bytes, Optional<String> type) {
    if (begins(bytes, 0xef, 0xbb, 0xbf)) {
      return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
    }
    if (begins(bytes, 0xff, 0xfe) || begins(bytes, 0xfe, 0xff)) {
      return new String(bytes, StandardCharsets.UTF_16);
    }
    if (begins(bytes, 0, '<') || begins(bytes, '<', 0)) {
      return new String(
          bytes, bytes[0] == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE);
    }
    String head =
        new String(bytes, 0, Math.min(bytes.length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
    Charset charset =
        type.flatMap(header -> charset(HEADER.matcher(header)))
            .or(() -> charset(DECLARED.matcher(head)))
            .orElse(StandardCharsets.UTF_8);
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, WINDOWS);
    }
  }

  private static boolean begins(byte[] bytes, int... wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Latin-1 is what people call Windows-1252. */
  private static Optional<Charset> charset(Matcher name) {
    try {
      return name.find()
          ? Optional.of(Charset.forName(name.group(1)))
              .map(it -> it.equals(StandardCharsets.ISO_8859_1) ? WINDOWS : it)
          : Optional.empty();
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }
}
