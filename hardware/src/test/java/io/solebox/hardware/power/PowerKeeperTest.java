package io.solebox.hardware.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan.Share;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PowerKeeperTest {
  private final FakeControl gpu = new FakeControl();
  private final PowerKeeper keeper = new PowerKeeper(gpu, _ -> {});

  private Share share(double psuWatts) {
    Snapshot seen =
        new Snapshot(
            Instant.EPOCH,
            List.of(),
            List.of(
                new DeviceReading(
                    DeviceReading.Kind.GPU, "GPU-1", "Tesla V100-SXM2-16GB", Map.of())));
    var settings = new PowerSettings(OptionalDouble.of(psuWatts), 0.8, 100, Map.of());
    return new PowerPlanner(settings).plan(Cards.of(seen, gpu)).cards().getFirst();
  }

  @Test
  void setsALimitAndReadsItBack() throws InterruptedException {
    assertInstanceOf(Hold.Held.class, keeper.apply(share(375)));
    assertEquals("limit 200000", gpu.told.getLast());
    assertTrue(keeper.holds(share(375)));
  }

  @Test
  void locksClocksWhereALimitIsToldButCannotBeSet() {
    gpu.refusesLimit = true;
    assertInstanceOf(Card.Means.Clocks.class, share(375).card().means());
  }

  @Test
  void saysWhereALimitIsNotInForce() throws InterruptedException {
    gpu.obeys = false;
    Hold.Loose loose = assertInstanceOf(Hold.Loose.class, keeper.apply(share(375)));
    assertEquals("a power limit of 200 W was set and is not in force", loose.words());
  }

  @Test
  void locksClocksOfACardWithoutALimitAndReadsThemBack() throws InterruptedException {
    gpu.hasLimit = false;
    Share share = share(375); // 200 W of 300, a quarter of which stands: 850 MHz of 1530
    Hold.Held held = assertInstanceOf(Hold.Held.class, keeper.apply(share));
    assertEquals("clocks locked at 840 MHz, read back", held.words());
    assertTrue(keeper.holds(share));
    gpu.forget();
    assertFalse(keeper.holds(share), "the driver was loaded again");
    keeper.apply(share);
    assertTrue(keeper.holds(share));
    assertInstanceOf(Hold.Held.class, keeper.release(share));
    assertEquals(List.of("lock 840", "lock 840", "reset"), gpu.told);
  }

  @Test
  void refusesALockThatDidNotHold() throws InterruptedException {
    gpu.hasLimit = false;
    gpu.obeys = false;
    Hold.Loose loose = assertInstanceOf(Hold.Loose.class, keeper.apply(share(375)));
    assertEquals("clocks were locked at 840 MHz, and it runs at 1530 MHz", loose.words());
    assertTrue(loose.remedy().contains("persistence"));
  }

  @Test
  void takesWhatRootHasLockedBeforeAndElseSaysThatItTakesRoot() throws InterruptedException {
    gpu.hasLimit = false;
    gpu.root = false;
    Hold.Loose loose = assertInstanceOf(Hold.Loose.class, keeper.apply(share(375)));
    assertTrue(loose.remedy().contains("sudo solebox power apply"));
    gpu.clock = 840;
    assertInstanceOf(Hold.Held.class, keeper.apply(share(375)));
  }
}
