package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.trial.Burn;
import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.CopySample;
import io.solebox.engine.backend.trial.DeviceTrials;
import io.solebox.engine.backend.trial.Identity;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.engine.backend.trial.PeerPair;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the backend offers to whoever tries its cards. */
class CudaTrialsTest {
  private static final long MIB = 1 << 20;
  private static final int LAUNCH_FAILED = 719;
  private static final FakeGpu CARD = FakeGpu.ampere().withMultiprocessors(1);

  @Test
  void aCardSaysWhichItIs() {
    try (var driver = new FakeDriver(CARD);
        Backend backend = FakeProviders.open(driver)) {
      Identity card = backend.identity().orElseThrow();
      assertTrue(backend.describe().startsWith(card.name()), card::toString);
      assertTrue(
          card.pciAddress().matches("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.0"), card::toString);
      assertEquals("8.0", card.computeCapability());
      assertEquals(1, card.multiprocessors());
      assertEquals(backend.nominalBandwidth(), card.memoryBytesPerSecond());
    }
  }

  @Test
  void copiesBringWhatWasSent() {
    try (var driver = new FakeDriver(CARD.withMemory(16 * MIB))) {
      try (Backend backend = FakeProviders.open(driver)) {
        DeviceTrials trials = backend.trials().orElseThrow();
        for (Copy copy : trials.copies()) {
          var samples = new ArrayList<CopySample>();
          CopyResult result =
              trials.copy(copy, Duration.ZERO, new Watch<>(samples::add, () -> false));
          assertEquals(copy, result.copy());
          assertEquals(0, result.wrongBytes(), copy::label);
          assertTrue(result.bytesPerSecond() > 0, copy::label);
          assertTrue(result.copyBytes() >= MIB, copy::label);
          assertEquals(1, samples.size());
        }
      }
      assertEquals(List.of(), driver.faults());
      assertEquals(List.of(), driver.leaks());
    }
  }

  @Test
  void aByteThatDoesNotArriveIsCounted() {
    try (var driver = new FakeDriver(CARD.withMemory(16 * MIB))) {
      for (int bit = 0; bit < 8; bit++) {
        driver.stick(0, MIB, bit);
      }
      try (Backend backend = FakeProviders.open(driver)) {
        DeviceTrials trials = backend.trials().orElseThrow();
        var wrong = new ArrayList<Long>();
        for (Copy copy : trials.copies()) {
          wrong.add(trials.copy(copy, Duration.ZERO, Watch.none()).wrongBytes());
        }
        assertTrue(wrong.stream().anyMatch(n -> n == 1), wrong::toString);
      }
    }
  }

  @Test
  void allCardsCopyAtOnce() {
    try (var driver = new FakeDriver(CARD.withMemory(8 * MIB), CARD.withMemory(8 * MIB))) {
      try (Backend one = FakeProviders.open(driver, 0);
          Backend two = FakeProviders.open(driver, 1)) {
        LinkTrials links = links(driver, one, two);
        assertEquals(2, links.size());
        var devices = new HashSet<Integer>();
        Copy copy = links.copies().getFirst();
        List<CopyResult> results =
            links.copy(copy, Duration.ZERO, new Watch<>(s -> devices.add(s.device()), () -> false));
        assertEquals(2, results.size());
        assertEquals(2, devices.size());
        assertTrue(results.stream().allMatch(r -> r.wrongBytes() == 0));
      }
      assertEquals(List.of(), driver.faults());
      assertEquals(List.of(), driver.leaks());
    }
  }

  private static LinkTrials links(FakeDriver driver, Backend one, Backend two) {
    return new CudaBackendProvider(driver::lookup).linkTrials(List.of(one, two)).orElseThrow();
  }

  @Test
  void pairsAreMeasuredWithAccessOnAndOff() {
    try (var driver = new FakeDriver(CARD.withMemory(48 * MIB), CARD.withMemory(48 * MIB))) {
      driver.bar(1, 0);
      try (Backend one = FakeProviders.open(driver, 0);
          Backend two = FakeProviders.open(driver, 1)) {
        LinkTrials links = links(driver, one, two);
        var samples = new ArrayList<PeerPair>();
        List<PeerPair> pairs = links.peers(new Watch<>(samples::add, () -> false));
        assertEquals(samples, pairs);
        assertEquals(List.of(0, 1), pairs.stream().map(PeerPair::from).toList());
        for (PeerPair pair : pairs) {
          assertTrue(pair.throughHost().bytesPerSecond() > 0, pair.toString());
          assertTrue(pair.throughHost().bytesPerSecondBothWays() > 0, pair.toString());
          assertTrue(pair.throughHost().latencySeconds() > 0, pair.toString());
        }
        assertInstanceOf(PeerPair.Direct.Measured.class, pairs.getFirst().direct());
        var refused = assertInstanceOf(PeerPair.Direct.Refused.class, pairs.getLast().direct());
        assertEquals("the driver does not let cuda:1 into the memory of cuda:0", refused.reason());
        assertEquals(1, driver.calls("cuCtxDisablePeerAccess"));
        assertEquals(2, driver.calls("cuCtxEnablePeerAccess"), "and on again behind it");
      }
      assertEquals(List.of(), driver.faults());
      assertEquals(List.of(), driver.leaks());
    }
  }

  @Test
  void aPairThatLiesAboutAccessIsRefused() {
    try (var driver = new FakeDriver(CARD.withMemory(48 * MIB), CARD.withMemory(48 * MIB))) {
      driver.lie(0, 1);
      try (Backend one = FakeProviders.open(driver, 0);
          Backend two = FakeProviders.open(driver, 1)) {
        List<PeerPair> pairs = links(driver, one, two).peers(Watch.none());
        var refused = assertInstanceOf(PeerPair.Direct.Refused.class, pairs.getFirst().direct());
        assertTrue(refused.reason().contains("do not arrive"), refused.reason());
      }
    }
  }

  @Test
  void pairsThatAreStoppedAreNotTold() {
    try (var driver = new FakeDriver(CARD, CARD);
        Backend one = FakeProviders.open(driver, 0);
        Backend two = FakeProviders.open(driver, 1)) {
      LinkTrials links = links(driver, one, two);
      assertEquals(List.of(), links.peers(new Watch<>(_ -> {}, () -> true)));
    }
  }

  /** And the others do not wait for it for ever. */
  @Test
  void aCardThatIsLostEndsTheTrialAndSaysWhich() {
    try (var driver = new FakeDriver(CARD, CARD)) {
      try (Backend one = FakeProviders.open(driver, 0);
          Backend two = FakeProviders.open(driver, 1)) {
        LinkTrials links = links(driver, one, two);
        driver.unplug(1);
        Copy copy = links.copies().getFirst();
        var error =
            assertThrows(
                SoleboxException.class, () -> links.copy(copy, Duration.ofHours(1), Watch.none()));
        assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
        assertEquals("cuda:1", error.place());
      }
    }
  }

  @Test
  void aFullCardIsNoFault() {
    try (var driver = new FakeDriver(CARD.withMemory(2 * MIB));
        Backend backend = FakeProviders.open(driver)) {
      DeviceTrials trials = backend.trials().orElseThrow();
      Copy copy = trials.copies().getFirst();
      var error =
          assertThrows(
              SoleboxException.class, () -> trials.copy(copy, Duration.ZERO, Watch.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
    }
  }

  @Test
  void aTrialAfterALossBeginsAnew() {
    try (var driver = new FakeDriver(CARD.withMemory(16 * MIB))) {
      try (Backend backend = FakeProviders.open(driver)) {
        DeviceTrials trials = backend.trials().orElseThrow();
        Copy copy = trials.copies().getFirst();
        driver.failNext("cuStreamSynchronize", LAUNCH_FAILED);
        assertThrows(SoleboxException.class, () -> trials.copy(copy, Duration.ZERO, Watch.none()));
        assertEquals(0, trials.copy(copy, Duration.ZERO, Watch.none()).wrongBytes());
      }
    }
  }

  @Test
  void burnsSayWhatComputesThem() {
    try (var volta = new FakeDriver(FakeGpu.volta());
        Backend old = FakeProviders.open(volta);
        var hopper = new FakeDriver(FakeGpu.hopper());
        Backend young = FakeProviders.open(hopper)) {
      var onLanes = new Burn(Burn.Numbers.INT8, Burn.Unit.LANES);
      var onMatrix = new Burn(Burn.Numbers.INT8, Burn.Unit.MATRIX);
      assertTrue(old.trials().orElseThrow().burns().contains(onLanes));
      assertTrue(young.trials().orElseThrow().burns().contains(onMatrix));
    }
  }
}
