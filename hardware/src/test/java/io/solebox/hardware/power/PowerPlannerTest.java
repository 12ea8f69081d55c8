package io.solebox.hardware.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.power.Card.Means;
import io.solebox.hardware.power.PowerPlan.Measure;
import io.solebox.hardware.power.PowerSettings.OfCard;
import io.solebox.hardware.power.PowerSettings.Point;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PowerPlannerTest {
  private static final Means V100 = new Means.Limit(300_000, 150_000, 300_000, 300_000);
  private static final Means PG199 =
      new Means.Clocks(List.of(1755, 1620, 1410, 1275, 1140), "not supported");

  private static Card card(String name, Means means) {
    return new Card("GPU-" + name, name, Optional.empty(), means);
  }

  private static PowerSettings psu(double watts) {
    return psu(watts, Map.of());
  }

  private static PowerSettings psu(double watts, Map<String, OfCard> cards) {
    return new PowerSettings(OptionalDouble.of(watts), 0.8, 100, cards);
  }

  @Test
  void leavesCardsAloneThatTheSupplyIsEnoughFor() {
    PowerPlan plan =
        new PowerPlanner(psu(1000)).plan(Collections.nCopies(2, card("Tesla V100", V100)));
    assertTrue(plan.fits());
    assertEquals(600, plan.plannedWatts());
    assertInstanceOf(Measure.AsItIs.class, plan.cards().getFirst().measure());
  }

  @Test
  void lowersLimitsAlikeDownToWhatCardsBear() {
    PowerPlan plan =
        new PowerPlanner(psu(1000)).plan(Collections.nCopies(4, card("Tesla V100", V100)));
    assertEquals(new Measure.Limit(175_000), plan.cards().getFirst().measure());
    assertTrue(plan.fits());

    PowerPlan tooMuch =
        new PowerPlanner(psu(1000)).plan(Collections.nCopies(5, card("Tesla V100", V100)));
    assertEquals(new Measure.Limit(150_000), tooMuch.cards().getFirst().measure());
    assertFalse(tooMuch.fits());
    assertTrue(tooMuch.remedies().getFirst().contains("larger power supply"));
  }

  @Test
  void refusesFourCardsWithoutALimitOnASupplyThatTheyTrip() {
    PowerPlan plan =
        new PowerPlanner(psu(1400))
            .plan(Collections.nCopies(4, card("NVIDIA DRIVE-PG199-PROD", PG199)));
    assertEquals(2400, plan.worstWatts());
    assertEquals(
        1140, assertInstanceOf(Measure.Clock.class, plan.cards().getFirst().measure()).megahertz());
    assertFalse(plan.fits(), "a straight line from 150 W at rest to 600 W has 442 W at 1140 MHz");
  }

  @Test
  void choosesTheNextClockBelowTheShareByWhatWasMeasured() {
    var measured =
        new OfCard(
            OptionalDouble.empty(),
            List.of(new Point(1140, 230), new Point(1410, 330), new Point(1620, 450)));
    PowerPlan plan =
        new PowerPlanner(psu(1400, Map.of("PG199", measured)))
            .plan(Collections.nCopies(4, card("NVIDIA DRIVE-PG199-PROD", PG199)));
    assertEquals(
        1140, assertInstanceOf(Measure.Clock.class, plan.cards().getFirst().measure()).megahertz());
    assertTrue(plan.fits());
    assertEquals(4 * 230, plan.plannedWatts());

    PowerPlan two =
        new PowerPlanner(psu(1000, Map.of("PG199", measured)))
            .plan(Collections.nCopies(2, card("NVIDIA DRIVE-PG199-PROD", PG199)));
    assertEquals(
        1410, assertInstanceOf(Measure.Clock.class, two.cards().getFirst().measure()).megahertz());
  }

  @Test
  void locksTheLowestClockWhereNobodyKnowsTheSupply() {
    PowerPlan plan =
        new PowerPlanner(PowerSettings.DEFAULTS)
            .plan(List.of(card("NVIDIA DRIVE-PG199-PROD", PG199), card("Tesla V100", V100)));
    assertEquals(
        1140, assertInstanceOf(Measure.Clock.class, plan.cards().get(0).measure()).megahertz());
    assertInstanceOf(Measure.AsItIs.class, plan.cards().get(1).measure());
    assertTrue(plan.remedies().getFirst().contains("psu.watts"));
  }

  @Test
  void takesAnUnknownCardForTheHungriest() {
    PowerPlan plan =
        new PowerPlanner(psu(1000)).plan(List.of(card("Foo 1", new Means.Nothing("no"))));
    assertEquals(700, plan.worstWatts());
    assertTrue(plan.hasUnheld());
  }

  @Test
  void givesSmallerCardsWhatLargerOnesCannotGiveUp() {
    // 700 W for a card that takes 442 at least and two limited ones: 129 W each would be too
    // little.
    PowerPlan plan =
        new PowerPlanner(psu(1050))
            .plan(
                List.of(
                    card("NVIDIA DRIVE-PG199-PROD", PG199),
                    card("Tesla V100", new Means.Limit(300_000, 100_000, 300_000, 300_000)),
                    card("Tesla V100", new Means.Limit(300_000, 100_000, 300_000, 300_000))));
    assertTrue(plan.fits(), () -> plan.plannedWatts() + " of 740");
    assertEquals(new Measure.Limit(148_000), plan.cards().get(1).measure());
  }
}
