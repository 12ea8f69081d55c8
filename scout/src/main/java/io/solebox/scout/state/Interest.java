package io.solebox.scout.state;

import io.solebox.scout.judge.Judgement;
import java.util.List;

/**
 * Whom a thing concerns, and what is made of it.
 *
 * @param watches that want it, by their names
 */
public record Interest(Judgement judgement, List<String> watches) {
  public Interest {
    watches = List.copyOf(watches);
  }
}
