package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Texts as Python sees them: sequences of code points. */
final class PyText {
  private PyText() {}

  /** What Python's {@code str.isspace} and {@code strip} take as white space. */
  static boolean isSpace(int c) {
    return switch (c) {
      case ' ', '\t', '\n', '\u000b', '\f', '\r', 0x1c, 0x1d, 0x1e, 0x1f, 0x85, 0xa0 -> true;
      case 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200a;
    };
  }

  /** What Python's {@code str.splitlines} takes as the end of a line. */
  static boolean isLineEnd(char c) {
    return switch (c) {
      case '\n', '\r', '\u000b', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029 -> true;
      default -> false;
    };
  }

  static int length(Text text) {
    return text.string().codePointCount(0, text.length());
  }

  /** UTF-16 offset of a code point. */
  static int offset(Text text, int codePoints) {
    return text.string().offsetByCodePoints(0, codePoints);
  }

  /** UTF-16 offsets of all code points, and the end. */
  static int[] offsets(Budget budget, Text text) {
    budget.elements(text.length() / 8 + 1L);
    int[] offsets = new int[length(text) + 1];
    for (int i = 0; i + 1 < offsets.length; i++) {
      offsets[i + 1] = text.string().offsetByCodePoints(offsets[i], 1);
    }
    return offsets;
  }

  static List<Object> characters(Budget budget, Text text) {
    budget.texts(text.length());
    List<Object> characters = new ArrayList<>(text.length());
    for (int at = 0; at < text.length(); ) {
      int next = text.string().offsetByCodePoints(at, 1);
      characters.add(text.substring(at, next));
      at = next;
    }
    return characters;
  }

  static List<Text> lines(Budget budget, Text text, boolean keepEnds) {
    List<Text> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && !isLineEnd(text.charAt(end))) {
        end++;
      }
      int next = end;
      if (end < text.length()) {
        boolean pair = text.string().startsWith("\r\n", end);
        next = end + (pair ? 2 : 1);
      }
      budget.texts(1);
      lines.add(text.substring(start, keepEnds ? next : end));
      start = next;
    }
    return lines;
  }

  /** First letter of each word in upper case; a word begins after whatever is no letter. */
  static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    int rest = Character.charCount(first);
    return Character.toString(Character.toTitleCase(first)) + lower(text.substring(rest));
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Strips white space, or the given characters, at the chosen ends. */
  static Text strip(Budget budget, Text text, Optional<Text> characters, Side side) {
    budget.scan(text.length());
    characters.ifPresent(set -> budget.scan(set.length()));
    IntPredicate strips = characters.isPresent() ? members(characters.get())::get : PyText::isSpace;
    String chars = text.string();
    int start = 0;
    int end = text.length();
    while (side.atStart() && start < end && strips.test(chars.codePointAt(start))) {
      start += Character.charCount(chars.codePointAt(start));
    }
    while (side.atEnd() && end > start && strips.test(chars.codePointBefore(end))) {
      end -= Character.charCount(chars.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static BitSet members(Text characters) {
    BitSet members = new BitSet();
    characters.string().codePoints().forEach(members::set);
    return members;
  }

  /** Which ends of a text. */
  enum Side {
    START,
    END,
    BOTH;

    boolean atStart() {
      return this != END;
    }

    boolean atEnd() {
      return this != START;
    }
  }
}
