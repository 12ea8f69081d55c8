package io.solebox.planner.machine;

import java.util.List;
import java.util.Optional;

/**
 * A machine in the words of whoever thinks of it. What nobody says is left to the tables, and what
 * these do not know either stays unknown.
 *
 * @param host a system on a chip, a board or {@code PC}
 * @param slot of each card, as in {@code gen3 x8}; empty for the best that host and card can do
 * @param cards names, each as often as there are cards
 * @param supply as in {@code 1400W platinum}
 * @param cooling a way to cool cards
 * @param memoryGib of the host, 2^30 bytes
 * @param diskGigabytes from its disk, 10^9 bytes a second
 */
public record MachineWish(
    String host,
    Optional<String> slot,
    List<String> cards,
    Optional<String> supply,
    Optional<String> cooling,
    Optional<Double> memoryGib,
    Optional<Double> diskGigabytes) {
  public MachineWish {
    cards = List.copyOf(cards);
  }

  /** A host by its name alone, with these cards. */
  public static MachineWish of(String host, List<String> cards) {
    return new MachineWish(
        host,
        Optional.empty(),
        cards,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
