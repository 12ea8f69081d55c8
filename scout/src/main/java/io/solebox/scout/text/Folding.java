package io.solebox.scout.text;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Brings what looks the same to one form: letters small and without accents, full-width and
 * mathematical ones plain, those of Cyrillic and Greek that look like Latin ones Latin. Digits stay
 * as they are, and are those of ASCII.
 */
final class Folding {
  /** Cyrillic and Greek letters whose capitals look like Latin ones, and those. */
  private static final String ALIKE = "авекмнорстухіѕјαβεζηικμνορτυχ";

  private static final String LATIN = "abekmhopctyxisjabezhikmnoptyx";

  private Folding() {}

  static String fold(String text) {
    if (isAscii(text)) {
      return text.toLowerCase(Locale.ROOT);
    }
    StringBuilder folded = new StringBuilder(text.length() + 8);
    // marks of trade would become letters of the word before them
    String plain = text.replaceAll("[™℠®©]", " ");
    String small =
        Normalizer.normalize(plain, Normalizer.Form.NFKC)
            // capitals first: the small form of some depends on what stands beside them
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT);
    Normalizer.normalize(small, Normalizer.Form.NFKD)
        .codePoints()
        .forEach(each -> put(folded, each));
    return folded.toString();
  }

  private static boolean isAscii(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static void put(StringBuilder folded, int letter) {
    switch (Character.getType(letter)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.FORMAT -> {}
      case Character.DECIMAL_DIGIT_NUMBER -> folded.append(Character.digit(letter, 10));
      default -> plain(folded, letter);
    }
  }

  private static void plain(StringBuilder folded, int letter) {
    int alike = ALIKE.indexOf(letter);
    switch (letter) {
      case 'ø' -> folded.append('o');
      case 'ł' -> folded.append('l');
      case 'đ', 'ð' -> folded.append('d');
      case 'ı' -> folded.append('i');
      case 'ς' -> folded.append('σ');
      case 'æ' -> folded.append("ae");
      case 'œ' -> folded.append("oe");
      case '×' -> folded.append('x');
      case '‐', '‑', '‒', '–', '—', '−' -> folded.append('-');
      default -> folded.appendCodePoint(alike >= 0 ? LATIN.charAt(alike) : letter);
    }
  }
}
