package io.solebox.server.chats.search;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Texts as they are searched: without cases and accents. */
final class Folding {
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final int ASCII = 0x80;

  private Folding() {}

  /** As {@link #folded}, without the places. */
  static String fold(String text) {
    if (isAscii(text)) {
      return text.toLowerCase(Locale.ROOT);
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      append(out, c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= ASCII) {
        return false;
      }
    }
    return true;
  }

  /**
   * A folded text.
   *
   * @param places of each of its units, where it stood
   */
  record Folded(String text, int[] places) {}

  static Folded folded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int[] places = new int[text.length() + 16];
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int before = out.length();
      append(out, c);
      if (out.length() > places.length) {
        places = Arrays.copyOf(places, 2 * out.length());
      }
      Arrays.fill(places, before, out.length(), i);
      i += Character.charCount(c);
    }
    return new Folded(out.toString(), places);
  }

  private static void append(StringBuilder out, int c) {
    if (c < ASCII) {
      out.append(Character.toLowerCase((char) c));
    } else if (c == 'ß') {
      out.append("ss");
    } else {
      String apart = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKD);
      apart
          .codePoints()
          .filter(part -> Character.getType(part) != Character.NON_SPACING_MARK)
          .forEach(part -> out.appendCodePoint(Character.toLowerCase(part)));
    }
  }

  /** What is looked for, in parts that may stand anywhere. */
  static List<String> words(String query) {
    return SPACES
        .splitAsStream(fold(query.toLowerCase(Locale.ROOT)).strip())
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }
}
