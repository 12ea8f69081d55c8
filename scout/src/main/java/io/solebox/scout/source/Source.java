package io.solebox.scout.source;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.watch.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where things for sale are looked for. Used by one thread at a time. It waits for nothing but the
 * answers: what is to come later it says.
 */
public interface Source {
  /** Whose keys its things have, as in {@code ebay}. */
  String market();

  /** What there is to ask for these watches. */
  List<Search> searches(List<Watch> watches);

  /** How long to leave between two times of the same search, so that its quota lasts the day. */
  Duration every(int searches);

  /** Asks for what is new. */
  Found find(Search search, Known known) throws InterruptedException;

  /**
   * How many things can be asked for at once; 0 where none can, as with feeds: what does not come
   * any more is gone there after a while.
   */
  int mostRefreshed();

  /** Asks for things that were seen before, at most {@link #mostRefreshed} of them. */
  Refreshed refresh(List<ItemKey> keys) throws InterruptedException;

  /**
   * How far this machine's clock is behind that of who answered last, below zero where it is ahead;
   * empty where that is not said.
   */
  default Optional<Duration> clockBehind() {
    return Optional.empty();
  }
}
