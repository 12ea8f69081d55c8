package io.solebox.server.knowledge.chunk;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in pieces that are never cut: words with the space behind them, characters of scripts that
 * have no space between words, and parts of what is longer. Borders lie between characters as
 * readers see them (<a href="https://www.unicode.org/reports/tr29/">UAX 29</a>), but for a single
 * one that is longer than {@link #MOST_CHARS}, which nothing but an attack is; no border is inside
 * a surrogate pair.
 */
final class Atoms {
  /** UTF-16 units of an atom; what people write as one character has up to 15. */
  static final int MOST_CHARS = 24;

  /** Bytes of an atom in UTF-8, each of which may be a token. */
  static final int MOST_BYTES = 3 * MOST_CHARS;

  private static final Pattern CHARACTER = Pattern.compile("\\X");
  private static final int ASCII = 0x80;

  private final String text;
  private final Matcher matcher;
  private int count;
  private int[] ends = new int[64];
  private Border[] borders = new Border[64];

  private Atoms(String text) {
    this.text = text;
    this.matcher = CHARACTER.matcher(text);
  }

  static Atoms of(String text) {
    Atoms atoms = new Atoms(text);
    for (int at = 0; at < text.length(); at = atoms.end(atoms.count - 1)) {
      atoms.add(at);
    }
    return atoms;
  }

  int count() {
    return count;
  }

  int start(int atom) {
    return atom == 0 ? 0 : ends[atom - 1];
  }

  int end(int atom) {
    return ends[atom];
  }

  /** What ends with an atom. */
  Border border(int atom) {
    return borders[atom];
  }

  String text(int atom) {
    return text.substring(start(atom), end(atom));
  }

  private void add(int start) {
    int space = word(start);
    int end = space;
    while (end < text.length() && end - start < MOST_CHARS && isSpace(end)) {
      end = next(end);
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      borders = Arrays.copyOf(borders, 2 * count);
    }
    ends[count] = end;
    borders[count++] = Border.at(text, space, end);
  }

  /** Where the part of a word that begins here ends. */
  private int word(int start) {
    int at = start;
    while (at < text.length() && !isSpace(at)) {
      int next = next(at);
      if (next - start > MOST_CHARS) {
        break;
      }
      boolean alone = standsAlone(text.codePointAt(at));
      if (alone && at > start && !isMark(at)) {
        break;
      }
      at = next;
      if (alone && !(at < text.length() && isMark(at))) {
        break;
      }
    }
    return at;
  }

  /** Punctuation of wide scripts goes with the character before it. */
  private boolean isMark(int at) {
    int c = text.codePointAt(at);
    return c >= 0x3000 && !Character.isLetterOrDigit(c) && !Character.isSpaceChar(c);
  }

  private boolean isSpace(int at) {
    int c = text.codePointAt(at);
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static boolean standsAlone(int c) {
    return c >= 0x0e00
        && (Character.isIdeographic(c)
            || switch (Character.UnicodeScript.of(c)) {
              case HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
              default -> false;
            });
  }

  /** Where the character that begins at {@code at} ends. */
  private int next(int at) {
    char c = text.charAt(at);
    boolean plain =
        c < ASCII && c != '\r' && (at + 1 == text.length() || text.charAt(at + 1) < ASCII);
    if (plain) {
      return at + 1;
    }
    // No further than what would be too long: so a text of one endless character is not slow.
    int bound = Math.min(text.length(), at + MOST_CHARS + 1);
    matcher.region(at, bound);
    int end = matcher.lookingAt() ? matcher.end() : at + 1;
    if (end - at > MOST_CHARS) {
      end = at + MOST_CHARS;
      return Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end)) ? end - 1 : end;
    }
    return end;
  }
}
