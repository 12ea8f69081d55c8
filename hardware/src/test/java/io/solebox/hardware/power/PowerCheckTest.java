package io.solebox.hardware.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.smoke.PowerCheck;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Whether a smoke test may make cards draw what they can. */
class PowerCheckTest {
  private final FakeControl gpu = new FakeControl();

  private PowerCheck check(double psuWatts) throws InterruptedException {
    DeviceReading card =
        new DeviceReading(DeviceReading.Kind.GPU, "GPU-1", "Tesla V100-SXM2-16GB", Map.of());
    Snapshot seen = new Snapshot(Instant.EPOCH, List.of(), List.of(card));
    var settings = new PowerSettings(OptionalDouble.of(psuWatts), 0.8, 100, Map.of());
    PowerPlan plan = new PowerPlanner(settings).plan(Cards.of(seen, gpu));
    return PowerCheck.of(plan, new PowerKeeper(gpu, _ -> {}));
  }

  @Test
  void aCardWhoseLimitWasReadBackIsSafe() throws InterruptedException {
    PowerCheck check = check(375);
    assertTrue(check.isSafe());
    assertEquals("power limit of 200 W, read back", check.cards().getFirst().words());
    assertEquals(List.of(), check.troubles());
  }

  @Test
  void oneThatDoesNotObeyIsNotAndTheWorstCaseIsSaid() throws InterruptedException {
    gpu.obeys = false;
    PowerCheck check = check(375);
    assertFalse(check.isSafe());
    assertTrue(check.troubles().getFirst().contains("not in force"), check.troubles()::toString);
    assertEquals(
        "At worst the cards draw 300 W together (Tesla V100-SXM2-16GB 300 W); the power supply is"
            + " good for 375 W, of which cards may have 200 W.",
        check.worstCase());
  }

  @Test
  void heldCardsThatAreTooManyForTheSupplyAreNotSafe() throws InterruptedException {
    PowerCheck check = check(200); // 60 W for a card that takes no limit below 150
    assertTrue(check.cards().getFirst().isHeld());
    assertFalse(check.isSafe());
    assertTrue(check.troubles().getFirst().contains("150 W"), check.troubles()::toString);
  }
}
