package io.solebox.scout.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Many terms that are looked for at each word of a text, quickly: most of them are plain words. */
public final class Terms {
  private final Map<String, List<Term>> byFirst = new HashMap<>();
  private final List<Term> others = new ArrayList<>();

  /**
   * @throws IllegalArgumentException as {@link Term#of}
   */
  public Terms(List<String> written) {
    for (String each : written) {
      Term term = Term.of(each);
      term.first()
          .ifPresentOrElse(
              first -> byFirst.computeIfAbsent(first, _ -> new ArrayList<>()).add(term),
              () -> others.add(term));
    }
  }

  /** How many words of one of them stand there; 0 where none does. */
  public int lengthAt(Text text, int word) {
    List<Term> first = byFirst.get(text.words().get(word));
    int length = longest(others, text, word);
    return first == null ? length : Math.max(length, longest(first, text, word));
  }

  private static int longest(List<Term> terms, Text text, int word) {
    int length = 0;
    for (Term term : terms) {
      if (term.length() > length && term.isAt(text, word)) {
        length = term.length();
      }
    }
    return length;
  }

  /** Whether one stands there. */
  public boolean isAt(Text text, int word) {
    return lengthAt(text, word) > 0;
  }

  /** Whether one stands anywhere. */
  public boolean isIn(Text text) {
    for (int word = 0; word < text.words().size(); word++) {
      if (isAt(text, word)) {
        return true;
      }
    }
    return false;
  }
}
