package io.solebox.reader;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;

/**
 * Bytes of a text as characters, by what is said of them where that is true.
 *
 * @param notes where nothing true was said
 */
record Decoded(String text, Charset charset, List<String> notes) {
  private static final Charset WESTERN = Charset.forName("windows-1252");

  /**
   * @param said the name of a character set; empty where none is named
   */
  static Decoded of(byte[] bytes, Optional<String> said) {
    Optional<Charset> named = said.flatMap(Decoded::charset);
    for (Charset charset :
        named
            .map(n -> List.of(n, StandardCharsets.UTF_8))
            .orElse(List.of(StandardCharsets.UTF_8))) {
      Optional<String> text = strict(bytes, charset);
      if (text.isPresent()) {
        return new Decoded(text.get(), charset, List.of());
      }
    }
    String claimed =
        said.map(name -> "It says that it is in " + name + ", and is not")
            .orElse("It is not in UTF-8");
    return new Decoded(
        new String(bytes, WESTERN),
        WESTERN,
        List.of(claimed + "; it was read as Windows-1252 (Western European)."));
  }

  private static Optional<Charset> charset(String name) {
    try {
      return Optional.of(Charset.forName(name.strip()));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> strict(byte[] bytes, Charset charset) {
    try {
      return Optional.of(
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
