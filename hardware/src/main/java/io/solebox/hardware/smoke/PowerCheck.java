package io.solebox.hardware.smoke;

import io.solebox.hardware.power.PowerKeeper;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.power.PowerPlan.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Whether cards are held to what they may draw, before anything makes them draw it.
 *
 * @param plan for them
 * @param cards each with what became of its share
 */
public record PowerCheck(PowerPlan plan, List<Held> cards) {
  /**
   * A card.
   *
   * @param isHeld whether that was read back
   * @param words what holds it, or why nothing does
   * @param remedy empty of one that is held
   */
  public record Held(String uuid, String name, boolean isHeld, String words, String remedy) {}

  public PowerCheck {
    cards = List.copyOf(cards);
  }

  /** Holds each card to its share, and reads that back. */
  public static PowerCheck of(PowerPlan plan, PowerKeeper keeper) throws InterruptedException {
    List<Held> cards = new ArrayList<>();
    for (Share share : plan.cards()) {
      String uuid = share.card().uuid();
      String name = share.card().name();
      cards.add(
          switch (keeper.apply(share)) {
            case Hold.Held(String words) -> new Held(uuid, name, true, words, "");
            case Hold.Loose(String words, String remedy) ->
                new Held(uuid, name, false, words, remedy);
          });
    }
    return new PowerCheck(plan, cards);
  }

  /** Whether all are held, and fit the supply as far as that is known. */
  public boolean isSafe() {
    return plan.fits() && cards.stream().allMatch(Held::isHeld);
  }

  /** What all of them draw at worst, beside what there is. */
  public String worstCase() {
    String each =
        plan.cards().stream()
            .map(
                share ->
                    String.format(
                        Locale.ROOT, "%s %.0f W", share.card().name(), share.worstWatts()))
            .collect(Collectors.joining(", "));
    String supply =
        plan.settings().psuWatts().isPresent()
            ? String.format(
                Locale.ROOT,
                "the power supply is good for %.0f W, of which cards may have %.0f W",
                plan.settings().psuWatts().getAsDouble(),
                plan.gpuWatts().orElse(0))
            : "nobody has said what the power supply is good for (psu.watts)";
    return String.format(
        Locale.ROOT,
        "At worst the cards draw %.0f W together (%s); %s.",
        plan.worstWatts(),
        each,
        supply);
  }

  /** What is not as it should be, and what helps, a sentence each. */
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    for (Held card : cards) {
      if (!card.isHeld()) {
        troubles.add("%s: %s. %s".formatted(card.name(), card.words(), card.remedy()));
      }
    }
    if (!plan.fits()) {
      troubles.add(
          String.format(
              Locale.ROOT,
              "Held as low as they can be, the cards still draw %.0f W together.",
              plan.plannedWatts()));
    }
    return troubles;
  }
}
