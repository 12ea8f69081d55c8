package io.solebox.hardware.power;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the owner says of the box's power.
 *
 * @param psuWatts what the power supply is good for; empty where nobody has said
 * @param psuShare of it that may be planned with
 * @param hostWatts for all that is no GPU
 * @param cards what is said of single cards, by UUID, PCI address (dots for colons), or a part of
 *     the name
 */
public record PowerSettings(
    OptionalDouble psuWatts, double psuShare, double hostWatts, Map<String, OfCard> cards) {
  /** A fifth is left for peaks, which last too short for any driver's limit, and for ageing. */
  public static final double DEFAULT_SHARE = 0.8;

  /** A board with a large processor, fans and drives; small ones take 10 W. */
  public static final double DEFAULT_HOST_WATTS = 100;

  public static final PowerSettings DEFAULTS =
      new PowerSettings(OptionalDouble.empty(), DEFAULT_SHARE, DEFAULT_HOST_WATTS, Map.of());

  /**
   * @param watts that it draws at worst, whatever a table says
   * @param measured what it draws under load at a clock
   */
  public record OfCard(OptionalDouble watts, List<Point> measured) {
    static final OfCard NOTHING = new OfCard(OptionalDouble.empty(), List.of());

    public OfCard {
      measured = List.copyOf(measured);
    }
  }

  /** Watts at a clock in MHz. */
  public record Point(int megahertz, double watts) {}

  public PowerSettings {
    cards = Map.copyOf(cards);
  }

  /** What is said of a card; the most exact name counts. */
  OfCard of(Card card) {
    return Optional.ofNullable(cards.get(card.uuid()))
        .or(
            () ->
                card.address()
                    .flatMap(address -> Optional.ofNullable(cards.get(address.replace(':', '.')))))
        .or(
            () ->
                cards.entrySet().stream()
                    .filter(each -> card.name().contains(each.getKey()))
                    .max(Map.Entry.comparingByKey())
                    .map(Map.Entry::getValue))
        .orElse(OfCard.NOTHING);
  }

  /** What all GPUs together may draw; empty where nobody has said what the supply is good for. */
  OptionalDouble gpuWatts() {
    return psuWatts.isPresent()
        ? OptionalDouble.of(Math.max(0, psuWatts.getAsDouble() * psuShare - hostWatts))
        : OptionalDouble.empty();
  }
}
