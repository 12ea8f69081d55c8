package io.solebox.scout.state;

import io.solebox.scout.card.CardMatch;
import java.util.List;
import java.util.Optional;

/**
 * Whom a thing concerns.
 *
 * @param watches that want it, by their names
 */
public record Interest(Optional<CardMatch> card, List<String> watches) {
  public Interest {
    watches = List.copyOf(watches);
  }
}
