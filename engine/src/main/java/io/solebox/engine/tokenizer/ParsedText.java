package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A text as UTF-8, and where in it special tokens are parsed. */
final class ParsedText {
  private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);

  private final byte[] utf8;

  /** Where stretches end; they take turns, and special tokens are parsed in every second. */
  private final int[] ends;

  private ParsedText(byte[] utf8, int[] ends) {
    this.utf8 = utf8;
    this.ends = ends;
  }

  /** One stretch. */
  static ParsedText of(byte[] utf8, Specials specials) {
    return new ParsedText(
        utf8,
        switch (specials) {
          case AS_TEXT -> new int[] {utf8.length};
          case PARSE -> new int[] {0, utf8.length};
        });
  }

  static ParsedText of(String text, Specials specials) {
    return of(encode(text), specials);
  }

  static ParsedText of(List<Segment> segments) {
    ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
    IntList ends = new IntList();
    Specials current = Specials.AS_TEXT;
    for (Segment segment : segments) {
      byte[] bytes = encode(segment.text());
      if (bytes.length > 0 && segment.specials() != current) {
        ends.add(utf8.size());
        current = segment.specials();
      }
      utf8.writeBytes(bytes);
    }
    ends.add(utf8.size());
    return new ParsedText(utf8.toByteArray(), ends.toArray());
  }

  /** Half a surrogate pair, which is no character, becomes U+FFFD. */
  private static byte[] encode(String text) {
    try {
      ByteBuffer bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .replaceWith(REPLACEMENT)
              .encode(CharBuffer.wrap(text));
      byte[] out = new byte[bytes.remaining()];
      bytes.get(out);
      return out;
    } catch (CharacterCodingException e) {
      throw new AssertionError("the encoder replaces what it cannot encode", e);
    }
  }

  byte[] utf8() {
    return utf8;
  }

  /** Whether special tokens are parsed in all bytes from {@code from} to {@code to}. */
  boolean isParsed(int from, int to) {
    int found = Arrays.binarySearch(ends, from);
    // The first stretch that ends behind from; of all, only the very first may be empty.
    int stretch = found < 0 ? -found - 1 : found + 1;
    return (stretch & 1) == 1 && stretch < ends.length && to <= ends[stretch];
  }
}
