package io.solebox.engine.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The truth is the JDK's backtracking matcher, on texts that it survives. */
@Timeout(60)
class RegexTest {
  private static final List<String> PARTS =
      List.of(
          "a",
          "b",
          "c",
          "d",
          " ",
          "  ",
          "\n",
          "\r\n",
          "\t",
          "1",
          "23",
          "'s",
          "'LL",
          "!",
          "-",
          "A",
          "AB",
          "\u00e9",
          "\u00c9",
          "\u00df",
          "\u0416",
          "\u4e2d",
          "\u3072",
          "\ud55c",
          "\u0301",
          "\u3000",
          "\u00a0",
          "\u0085",
          "\ud83d\ude00",
          "\u00bd",
          "\u0663",
          "_",
          "$",
          "\u200d");

  private static List<String> pieces(String pattern, String text) {
    return pieces(Regex.of(pattern), text);
  }

  private static List<String> pieces(Regex pattern, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<String> pieces = new ArrayList<>();
    pattern.split(
        utf8,
        0,
        utf8.length,
        (from, to, matched) -> {
          if (to > from) {
            String piece = new String(utf8, from, to - from, StandardCharsets.UTF_8);
            pieces.add((matched ? "+" : "-") + piece);
          }
        });
    return pieces;
  }

  private static List<String> piecesOfJdk(Pattern pattern, String text) {
    List<String> pieces = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int gap = 0;
    while (matcher.find()) {
      if (matcher.start() > gap) {
        pieces.add("-" + text.substring(gap, matcher.start()));
      }
      if (matcher.end() > matcher.start()) {
        pieces.add("+" + matcher.group());
      }
      gap = matcher.end();
    }
    if (gap < text.length()) {
      pieces.add("-" + text.substring(gap));
    }
    return pieces;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s*[\\r\\n]+|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lo}\\p{M}]+|\\p{Lu}+",
        "[0-9]{1,3}(?=(?:[0-9]{3})*(?![0-9]))",
        "(?=([0-9]{3})+(?![0-9]))",
        "(a|ab)(c|bcd)(d*)",
        "a{2,3}?b?|[0-9]{2}",
        "a+?b|x+",
        "(?<=ab)c|d",
        "(?<!\\p{L})\\p{L}",
        "[\\p{L}&&[^a-z]]+",
        "(?:(?!ab)[^\\n])+",
        "\\s+\\z|\\A\\s",
        "[^\\]a-c-]+",
        "a(?=b)|b(?!c)",
        "(?:a|b)*c|(?:ab?)+"
      })
  void equalsABacktrackingMatcher(String pattern) {
    Pattern jdk = Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
    Regex ours = Regex.of(pattern);
    Random random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      StringBuilder text = new StringBuilder();
      for (int n = 1 + random.nextInt(12); n > 0; n--) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      String sample = text.toString();
      assertEquals(piecesOfJdk(jdk, sample), pieces(ours, sample), sample);
    }
  }

  /** What Oniguruma means otherwise than the JDK. */
  @Test
  void speaksOniguruma() {
    assertEquals(List.of("+a", "-\n", "+a"), pieces("^a", "a\na"));
    assertEquals(List.of("-a", "+b", "-\nb", "+b"), pieces("b$", "ab\nbb"));
    assertEquals(List.of("+12345"), pieces("\\p{N}{1,3}+", "12345"));
    assertEquals(List.of("+a1f", "-g"), pieces("\\h+", "a1fg"));
    assertEquals(List.of("+AB", "-\u4e2d"), pieces("[[:upper:]]+", "AB\u4e2d"));
    assertEquals(List.of("+'\u017f", "-x"), pieces("(?i:'s)", "'\u017fx"));
    assertEquals(List.of("+aa", "-b"), pieces("a++", "aab"));
  }

  /** A backtracking matcher would take hours, or its stack would end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\s+$",
        "\\s+(?=x)",
        "(?:a|a)*b",
        "(?:a*)*b",
        "(?:\\s|\\s\\s)+$",
        "[0-9]{1,3}(?=(?:[0-9]{3})*(?![0-9]))",
        "a+b|a+c|[^a]"
      })
  void takesTimeLinearInTheText(String pattern) {
    for (String part : List.of("a", " ", "1", "\u4e2d", "\ud83d\ude00")) {
      String text = part.repeat(300_000) + "y";
      List<String> pieces = pieces(pattern, text);
      assertEquals(text.length() + pieces.size(), String.join("", pieces).length());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a",
        "a)",
        "[a",
        "*a",
        "(a)\\1",
        "(?>ab|a)b",
        "a++a",
        "\\p{Klingon}",
        "[z-a]",
        "\\",
        "\\q",
        "a{9999}",
        "(?:(?:a{500}){500}){500}",
        "(?y)a",
        "\\x{110000}",
        "\\p"
      })
  void refusesWhatItCannotMatch(String pattern) {
    RegexException error = assertThrows(RegexException.class, () -> Regex.of(pattern));
    assertTrue(!error.getMessage().isEmpty());
  }
}
