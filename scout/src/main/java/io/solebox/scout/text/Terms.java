package io.solebox.scout.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Many terms that are looked for at each word of a text, quickly: most of them are plain words. */
public final class Terms {
  private final Set<String> words = new HashSet<>();
  private final List<Term> others = new ArrayList<>();

  /**
   * @throws IllegalArgumentException as {@link Term#of}
   */
  public Terms(List<String> written) {
    for (String each : written) {
      Term term = Term.of(each);
      term.word().ifPresentOrElse(words::add, () -> others.add(term));
    }
  }

  /** How many words of one of them stand there; 0 where none does. */
  public int lengthAt(Text text, int word) {
    int length = words.contains(text.words().get(word)) ? 1 : 0;
    for (Term term : others) {
      if (term.length() > length && term.at(text, word)) {
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
