package io.solebox.scout.state;

import io.solebox.scout.judge.Judgement;
import java.util.List;
import java.util.Map;

/**
 * Whom a thing concerns, and what is made of it.
 *
 * @param watches that want it, by their names
 * @param whyNot why the others do not, in words, by their names
 */
public record Interest(Judgement judgement, List<String> watches, Map<String, String> whyNot) {
  public Interest {
    watches = List.copyOf(watches);
    whyNot = Map.copyOf(whyNot);
  }
}
