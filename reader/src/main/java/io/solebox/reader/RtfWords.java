package io.solebox.reader;

import java.util.Map;
import java.util.Optional;

/** What control words and numbers of RTF 1.9.1 stand for. */
final class RtfWords {
  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("tab", "\t"),
          Map.entry("line", "\n"),
          Map.entry("~", "\u00a0"),
          Map.entry("_", "-"),
          Map.entry("emdash", "\u2014"),
          Map.entry("endash", "\u2013"),
          Map.entry("lquote", "\u2018"),
          Map.entry("rquote", "\u2019"),
          Map.entry("ldblquote", "\u201c"),
          Map.entry("rdblquote", "\u201d"),
          Map.entry("bullet", "\u2022"),
          Map.entry("emspace", " "),
          Map.entry("enspace", " "),
          Map.entry("{", "{"),
          Map.entry("}", "}"),
          Map.entry("\\", "\\"));

  /** Code pages by the numbers of fonts' character sets. */
  private static final Map<Integer, String> FONTS =
      Map.ofEntries(
          Map.entry(77, "x-MacRoman"),
          Map.entry(128, "windows-31j"),
          Map.entry(129, "x-windows-949"),
          Map.entry(134, "GBK"),
          Map.entry(136, "Big5"),
          Map.entry(161, "windows-1253"),
          Map.entry(162, "windows-1254"),
          Map.entry(163, "windows-1258"),
          Map.entry(177, "windows-1255"),
          Map.entry(178, "windows-1256"),
          Map.entry(186, "windows-1257"),
          Map.entry(204, "windows-1251"),
          Map.entry(222, "x-windows-874"),
          Map.entry(238, "windows-1250"));

  private RtfWords() {}

  /** The text that a word or a symbol is; empty of one that is none. */
  static String sign(String word) {
    return SIGNS.getOrDefault(word, "");
  }

  /** The code page of a font's character set. */
  static Optional<String> charset(int number) {
    return Optional.ofNullable(FONTS.get(number));
  }
}
