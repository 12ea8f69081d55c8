package io.solebox.engine.tokenizer.normalize;

import io.solebox.engine.regex.Regex;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** The normalizers that tokenizer.json knows (huggingface/tokenizers: normalizers). */
public final class Normalizers {
  /** What a character becomes that is left out. */
  private static final int GONE = -1;

  private Normalizers() {}

  /** NFC, NFD, NFKC or NFKD. */
  public static Normalizer unicode(Form form) {
    return utf8 -> {
      if (isAscii(utf8)) {
        return utf8;
      }
      String text = text(utf8);
      return java.text.Normalizer.isNormalized(text, form)
          ? utf8
          : bytes(java.text.Normalizer.normalize(text, form));
    };
  }

  private static boolean isAscii(byte[] utf8) {
    for (byte value : utf8) {
      if (value < 0) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Each character by itself, whatever stands around it. */
  public static Normalizer lowercase() {
    return utf8 -> {
      StringBuilder out = new StringBuilder(utf8.length);
      text(utf8)
          .codePoints()
          .forEach(
              c -> {
                if (c < 0x80) {
                  out.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
                } else {
                  out.append(Character.toString(c).toLowerCase(Locale.ROOT));
                }
              });
      return bytes(out.toString());
    };
  }

  /**
   * Character by character.
   *
   * @param map gives {@link #GONE}, or a negative number, for what is left out
   */
  static Normalizer mapping(IntUnaryOperator map) {
    return utf8 -> {
      StringBuilder out = new StringBuilder(utf8.length);
      text(utf8).codePoints().map(map).filter(c -> c >= 0).forEach(out::appendCodePoint);
      return bytes(out.toString());
    };
  }

  /** Leaves out all marks. */
  public static Normalizer stripMarks() {
    return mapping(c -> isMark(c) ? GONE : c);
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  /** Control characters go, odd spaces become spaces (the rules called NMT). */
  public static Normalizer nmt() {
    return mapping(
        c ->
            switch (c) {
              case 0x0b, 0x7f, 0x8f, 0x9f -> GONE;
              case '\t', '\n', '\f', '\r', 0x1680, 0x2028, 0x2029, 0x2581, 0xfeff, 0xfffd -> ' ';
              default ->
                  (c >= 1 && c <= 8) || (c >= 0x0e && c <= 0x1f)
                      ? GONE
                      : c >= 0x200b && c <= 0x200f ? ' ' : c;
            });
  }

  /** What BERT does to text (google-research/bert: tokenization.py, BasicTokenizer). */
  public record Bert(
      boolean cleans, boolean separatesIdeographs, boolean stripsAccents, boolean lowercases) {
    /** The rules as one normalizer. */
    public Normalizer normalizer() {
      Normalizer all = Normalizer.NONE;
      if (cleans) {
        all = all.then(mapping(Bert::clean));
      }
      if (separatesIdeographs) {
        all = all.then(Bert::separate);
      }
      if (stripsAccents) {
        all = all.then(unicode(Form.NFD));
        all = all.then(mapping(c -> Character.getType(c) == Character.NON_SPACING_MARK ? GONE : c));
      }
      return lowercases ? all.then(lowercase()) : all;
    }

    private static int clean(int c) {
      if (c == '\t' || c == '\n' || c == '\r') {
        return ' ';
      }
      return switch (Character.getType(c)) {
        case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> GONE;
        default -> c == 0xfffd ? GONE : Spacing.isSpace(c) ? ' ' : c;
      };
    }

    private static byte[] separate(byte[] utf8) {
      StringBuilder out = new StringBuilder(utf8.length);
      text(utf8)
          .codePoints()
          .forEach(
              c -> {
                boolean alone = Spacing.isIdeograph(c);
                out.append(alone ? " " : "").appendCodePoint(c).append(alone ? " " : "");
              });
      return bytes(out.toString());
    }
  }

  /** Puts a text in front of what is not empty. */
  public static Normalizer prepend(String text) {
    byte[] prefix = bytes(text);
    return utf8 -> {
      if (utf8.length == 0) {
        return utf8;
      }
      byte[] out = Arrays.copyOf(prefix, prefix.length + utf8.length);
      System.arraycopy(utf8, 0, out, prefix.length, utf8.length);
      return out;
    };
  }

  /** Takes spaces away at the ends. */
  public static Normalizer strip(boolean left, boolean right) {
    return utf8 -> {
      String text = text(utf8);
      int from = 0;
      int to = text.length();
      while (left && from < to && Spacing.isSpace(text.charAt(from))) {
        from++;
      }
      while (right && to > from && Spacing.isSpace(text.charAt(to - 1))) {
        to--;
      }
      return to - from == text.length() ? utf8 : bytes(text.substring(from, to));
    };
  }

  /** Replaces all that a pattern matches. */
  public static Normalizer replace(Regex pattern, String content) {
    byte[] replacement = bytes(content);
    return utf8 -> {
      var out = new ByteArrayOutputStream(utf8.length + utf8.length / 2);
      pattern.split(
          utf8,
          0,
          utf8.length,
          (from, to, matched) -> {
            if (matched) {
              out.writeBytes(replacement);
            } else {
              out.write(utf8, from, to - from);
            }
          });
      return out.toByteArray();
    };
  }

  /**
   * The rules of SentencePiece as the tokenizers library applies them: to short graphemes as a
   * whole, else to single characters, and always the rule for the shortest text.
   */
  public static Normalizer precompiled(Charsmap charsmap) {
    return utf8 -> {
      String text = text(utf8);
      BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
      graphemes.setText(text);
      var out = new ByteArrayOutputStream(utf8.length);
      int start = 0;
      for (int end = graphemes.next(); end != BreakIterator.DONE; end = graphemes.next()) {
        byte[] grapheme = bytes(text.substring(start, end));
        if (grapheme.length >= 6 || !replace(charsmap, grapheme, out)) {
          text.substring(start, end)
              .codePoints()
              .forEach(
                  c -> {
                    byte[] single = bytes(Character.toString(c));
                    if (!replace(charsmap, single, out)) {
                      out.writeBytes(single);
                    }
                  });
        }
        start = end;
      }
      return out.toByteArray();
    };
  }

  private static boolean replace(Charsmap charsmap, byte[] part, ByteArrayOutputStream out) {
    var found = charsmap.shortest(part, 0, part.length);
    found.ifPresent(replacement -> out.writeBytes(replacement.text()));
    return found.isPresent();
  }
}
