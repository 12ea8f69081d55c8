package io.solebox.engine.constrain.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What patterns of ECMA-262 match, and what they may take. */
@Timeout(60)
class PatternTest {
  private static boolean matches(String pattern, String text) {
    return Pattern.whole(pattern, new Budget()).accepts(text);
  }

  private static String refusal(String pattern) {
    return assertThrows(RegexException.class, () -> Pattern.search(pattern, new Budget()), pattern)
        .getMessage();
  }

  /** A pattern, a text that matches as a whole, and one that does not; each behind the other. */
  @Test
  void matchesAsEcma262Says() {
    String[] cases = {
      "a|b", "b", "c",
      "a{2,3}", "aaa", "a",
      "a{0,2}b", "b", "aaab",
      "a{2}", "aa", "aaa",
      "a{,b", "a{,b", "b",
      "a{}", "a{}", "a",
      "a{b}", "a{b}", "ab",
      "(?:ab)+?", "abab", "aba",
      "[^a]", "b", "a",
      "[^]", "x", "",
      "[a-c-]", "-", "d",
      "\\d\\D", "1a", "11",
      "\\w\\W", "a-", "ab",
      "\\s\\S", " a", "aa",
      "\\u{1f600}", "😀", "x",
      "\\ud83d\\ude00", "😀", "x",
      "\\x41\\cA", "A\u0001", "A",
      "\\p{Lu}\\P{Lu}", "Aa", "aa",
      "\\p{Script=Greek}", "α", "a",
      ".", "😀", "\n",
      "(?s:.)", "\n", "",
      "^a$", "a", "aa",
      "(?=.*\\d)[a-z\\d]+", "ab1", "abc",
      "(?!foo)[a-z]+", "fob", "foob",
      "a(?<n>b)c", "abc", "ac",
      "(){3}a", "a", "",
      "(?:|a){2}", "aa", "aaa",
      "((a{0,2}){0,2}){0,2}", "aaaaaaaa", "aaaaaaaaa",
    };
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < cases.length; i += 3) {
      if (!matches(cases[i], cases[i + 1])) {
        wrong.add(cases[i] + " refuses " + cases[i + 1]);
      }
      if (matches(cases[i], cases[i + 2])) {
        wrong.add(cases[i] + " takes " + cases[i + 2]);
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** What a class leaves out, it leaves out in every case: all classes, over all of ASCII. */
  @Test
  void whereCasesDoNotMatterNoLetterIsToldFromItsOtherCase() {
    List<String> wrong = new ArrayList<>();
    for (String pattern :
        List.of(
            "a",
            "[a]",
            "[^a]",
            "[^b-y]",
            "[^\\w]",
            "\\w",
            "\\W",
            "[\\W]",
            "[^\\W]",
            "\\D",
            "\\P{L}",
            "\\x41",
            "[^\\u0041]",
            "[^a-c\\d]")) {
      Language language = Pattern.whole("(?i)" + pattern, new Budget());
      Language without = Pattern.whole(pattern, new Budget());
      for (char c = 'a'; c <= 'z'; c++) {
        String lower = String.valueOf(c);
        String upper = String.valueOf(Character.toUpperCase(c));
        if (language.accepts(lower) != language.accepts(upper)) {
          wrong.add(pattern + " tells " + lower + " from " + upper);
        }
        boolean negated = pattern.startsWith("[^") || pattern.startsWith("\\W");
        boolean one = without.accepts(lower) && without.accepts(upper);
        boolean any = without.accepts(lower) || without.accepts(upper);
        if (language.accepts(lower) != (negated ? one : any)) {
          wrong.add(pattern + " of " + lower);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void refusesWhatItCannotHoldWithItsPlace() {
    assertEquals("a reference back at character 4", refusal("(a)\\1"));
    assertEquals("a word boundary at character 1", refusal("\\ba"));
    assertEquals("a ( without a ) at character 1", refusal("(a"));
    assertEquals("a [ without a ] at character 2", refusal("a[b"));
    assertEquals("a count over 10000 at character 2", refusal("a{10001}"));
    assertTrue(refusal("a{,3}").endsWith("at character 2"), refusal("a{,3}"));
    assertTrue(refusal("(?<=a)b").contains("before"));
  }

  /** Counts inside of counts multiply, whatever is counted. */
  @Test
  void endsSoonHoweverOftenSomethingIsRepeated() {
    assertTrue(matches("(((){1,10000}){1,10000}){1,10000}", ""));
    for (String body : List.of("a", "(?:|)", "(?:|a)", "a?", "(?:a*)", "(?:^)", "[ab]{0,9}")) {
      String pattern = "(?:(?:(?:" + body + "){1,10000}){1,10000}){1,10000}";
      assertTrue(refusal(pattern).matches(".*(unfold|more work|states|repeated).*"), pattern);
    }
  }

  @Test
  void choosesAmongManyTexts() {
    String options =
        IntStream.range(0, 2_500).mapToObj(i -> "w" + i).collect(Collectors.joining("|"));
    assertTrue(matches(options, "w2499"));
    String anchored = "^(?:" + options + ")$";
    assertTrue(Pattern.search(anchored, new Budget()).accepts("w17"));
    assertTrue(Pattern.search(options.substring(0, 2_000), new Budget()).accepts("--w17--"));
  }

  /** One budget is for all that is made from it: each is small, and all together are not. */
  @Test
  void refusesWhenManyTogetherTakeMoreThanOneGrammarMay() {
    Budget budget = new Budget();
    Language first = Pattern.search("(a|b)*a(a|b){9}", budget);
    assertTrue(first.accepts("abbbbbbbbb"));
    RegexException refusal =
        assertThrows(
            RegexException.class,
            () -> {
              for (int i = 0; i < 100_000; i++) {
                Pattern.search("(a|b)*a(a|b){9}" + i, budget);
              }
            });
    assertTrue(refusal.getMessage().contains("more work"), refusal.getMessage());
    assertThrows(RegexException.class, () -> Language.texts(List.of("a"), budget));
  }

  @Test
  void holdsTextsThatShareBeginningsAndEnds() {
    List<String> texts =
        IntStream.range(0, 3_000).mapToObj(i -> Integer.toString(i * 7919, 5) + "end").toList();
    Language language = Language.texts(texts, new Budget());
    List<String> refused = texts.stream().filter(text -> !language.accepts(text)).toList();
    assertEquals(List.of(), refused);
    for (String other : List.of("", "end", "0", "0en", "0endx", "4444444444end")) {
      assertEquals(texts.contains(other), language.accepts(other), other);
    }
    assertTrue(Language.texts(List.of(""), new Budget()).accepts(""));
    assertTrue(Language.texts(List.of(), new Budget()).isEmpty());
    assertEquals(2, Language.texts(List.of("a", "b", "a", "c"), new Budget()).size());
  }
}
