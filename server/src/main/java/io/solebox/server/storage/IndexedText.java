package io.solebox.server.storage;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

  /**
   * What questions are made of in English, German and Chinese, and texts that answer hardly have:
   * as rare words these would count more than what is asked for.
   */
  private static final Set<String> OF_QUESTIONS =
      Set.copyOf(
          List.of(
              ("a an the and or of to in on at for from by with without is are was were be been do"
                      + " does did can could may might must should would will what which who whom"
                      + " whose when where why how i me my we our you your it its they them their this"
                      + " that these those there if than then as not no any some all have has had"
                      + " about into der die das den dem des ein eine einen einem einer eines und oder"
                      + " von zu zum zur in im an am auf bei mit ohne für ist sind war waren sein wird"
                      + " werden kann können muss müssen soll darf was welche welcher welches wer wem"
                      + " wen wessen wann wo warum wie ich mich mir mein meine wir uns unser du sie es"
                      + " ihr ihre dieser diese dieses wenn als nicht kein keine hat haben über 什么 怎么"
                      + " 怎样 如何 哪些 哪里 哪个 为什 是否 可以")
                  .split(" ")));

  private IndexedText() {}

  /** A text to be put into the index. */
  static String indexed(String text) {
    String plain = normalized(text);
    return RUN.matcher(plain).replaceAll(run -> ' ' + String.join(" ", parts(run.group())) + ' ');
  }

  /**
   * What a question asks for, as phrases of FTS5: letters and digits in quotes, whatever was typed.
   * Words that make it a question are left out where others remain.
   */
  static Set<String> phrases(String question) {
    Set<String> all = allPhrases(question);
    Set<String> told = new LinkedHashSet<>(all);
    told.removeIf(
        phrase -> OF_QUESTIONS.contains(phrase.replace("\"", "").toLowerCase(Locale.ROOT)));
    return told.isEmpty() ? all : told;
  }

  private static Set<String> allPhrases(String question) {
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
