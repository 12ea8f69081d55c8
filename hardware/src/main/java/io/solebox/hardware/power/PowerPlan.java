package io.solebox.hardware.power;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What each card may draw, and how it is held to that.
 *
 * @param settings what the owner has said
 * @param gpuWatts that all cards together may draw; empty where the supply is not known
 * @param worstWatts that they would draw together if nobody held them
 * @param plannedWatts that they draw together once they are held
 */
public record PowerPlan(
    PowerSettings settings,
    OptionalDouble gpuWatts,
    double worstWatts,
    double plannedWatts,
    List<Share> cards) {
  /**
   * A card's share.
   *
   * @param worstWatts if nobody holds it
   * @param worstSource where that is from
   * @param watts that it draws at most, once it is held
   */
  public record Share(
      Card card, double worstWatts, String worstSource, double watts, Measure measure) {}

  /** How a card is held. */
  public sealed interface Measure {
    /** It has a power limit, and that is low enough. */
    record AsItIs() implements Measure {}

    /** Its power limit is set. */
    record Limit(int milliwatts) implements Measure {}

    /**
     * Its clocks are locked.
     *
     * @param megahertz one that it supports
     * @param source of what it draws then
     */
    record Clock(int megahertz, String source) implements Measure {}

    /** It cannot be held. */
    record Impossible(String why) implements Measure {}
  }

  public PowerPlan {
    cards = List.copyOf(cards);
  }

  /** Whether all is held within what the supply gives; also where nobody knows that. */
  public boolean fits() {
    return gpuWatts.isEmpty() || plannedWatts <= gpuWatts.getAsDouble() + 0.5;
  }

  /** Whether there is a card that nothing holds. */
  public boolean hasUnheld() {
    return cards.stream().anyMatch(share -> share.measure() instanceof Measure.Impossible);
  }

  /** What to do where it does not fit or something cannot be held; empty where all is well. */
  public List<String> remedies() {
    List<String> remedies = new ArrayList<>();
    if (gpuWatts.isEmpty()) {
      remedies.add("Say what the power supply is good for: psu.watts in hardware.properties.");
    }
    if (!fits()) {
      remedies.add(
          "Take a card out, or a larger power supply; or measure what a card draws at its lowest"
              + " clock, and say so: card.NAME.measured=MHZ:WATTS in hardware.properties.");
    }
    if (hasUnheld()) {
      remedies.add(
          "Put a smart plug with an overload trip before the box, or take out the card that"
              + " cannot be held.");
    }
    return remedies;
  }
}
