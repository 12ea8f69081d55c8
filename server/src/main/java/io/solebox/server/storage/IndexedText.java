package io.solebox.server.storage;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Texts and questions as FTS5's tokenizer is to see them. It takes what stands between spaces for a
 * word, which in Chinese is a sentence: so scripts without spaces are cut into pairs of characters
 * that overlap, as Lucene's CJKAnalyzer does, and the last character of a run stands by itself, so
 * that each is the beginning of something.
 */
final class IndexedText {
  private static final String SPACELESS =
      "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}"
          + "\\p{IsMyanmar}ー々";

  /** A run without spaces, or a word as others write them. */
  private static final Pattern WORD =
      Pattern.compile(
          "(?<run>[%1$s][%1$s\\p{M}]*)|[\\p{L}\\p{N}\\p{M}\\p{Co}&&[^%1$s]]+".formatted(SPACELESS));

  private static final Pattern RUN = Pattern.compile("[%1$s][%1$s\\p{M}]*".formatted(SPACELESS));

  private IndexedText() {}

  /** A text to be put into the index. */
  static String indexed(String text) {
    String plain = normalized(text);
    return RUN.matcher(plain).replaceAll(run -> ' ' + String.join(" ", parts(run.group())) + ' ');
  }

  /**
   * What a question asks for, as phrases of FTS5: letters and digits in quotes, whatever was typed.
   */
  static Set<String> phrases(String question) {
    Set<String> phrases = new LinkedHashSet<>();
    for (MatchResult word : WORD.matcher(normalized(question)).results().toList()) {
      if (word.group("run") == null) {
        phrases.add(quoted(word.group()));
        continue;
      }
      List<String> parts = parts(word.group());
      if (parts.size() == 1) {
        phrases.add(quoted(parts.getFirst()) + " *"); // whatever it is the beginning of
      } else {
        parts.removeLast();
        parts.forEach(part -> phrases.add(quoted(part)));
      }
    }
    return phrases;
  }

  private static String normalized(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  private static String quoted(String letters) {
    return '"' + letters + '"';
  }

  /** Each two characters, and the last one. */
  private static List<String> parts(String run) {
    int[] characters = run.codePoints().toArray();
    List<String> parts = new ArrayList<>(characters.length);
    for (int i = 0; i < characters.length; i++) {
      parts.add(new String(characters, i, Math.min(2, characters.length - i)));
    }
    return parts;
  }
}
