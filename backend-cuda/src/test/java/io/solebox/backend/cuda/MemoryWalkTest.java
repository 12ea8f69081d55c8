package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DriverProbe;
import io.solebox.backend.cuda.driver.Patience;
import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.trial.WalkDepth;
import io.solebox.engine.backend.trial.WalkResult;
import io.solebox.engine.backend.trial.WalkSample;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.backend.trial.WrongWord;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A walk finds the cell that is broken, and nothing where none is. */
class MemoryWalkTest {
  private static final long MIB = 1 << 20;
  private static final int OUT_OF_MEMORY = 2;

  /** Less than three pieces are left for the walk, beside what it keeps for itself. */
  private static final FakeGpu CARD = FakeGpu.ampere().withMultiprocessors(1).withMemory(4 * MIB);

  private static final MemoryWalk.Extent EXTENT = new MemoryWalk.Extent(MIB, MIB);

  private static WalkResult walk(
      FakeDriver driver, MemoryWalk.Extent extent, WalkDepth depth, Watch<WalkSample> watch) {
    DriverProbe.Found found = DriverProbe.look(driver::lookup);
    try (var gpu = CudaThread.open(found.driver(), found.usable().getFirst(), Patience.NONE)) {
      var kernels = new Kernels(gpu, Switches.USUAL);
      try (var walk = new MemoryWalk(gpu, kernels, extent)) {
        return walk.run(depth, watch);
      } finally {
        gpu.run(kernels::close);
      }
    }
  }

  @Test
  void soundMemoryIsWalkedWithAllPatterns() {
    try (var driver = new FakeDriver(CARD)) {
      var samples = new ArrayList<WalkSample>();
      WalkResult result =
          walk(driver, EXTENT, WalkDepth.FULL, new Watch<>(samples::add, () -> false));
      assertEquals(List.of(), driver.faults());
      assertEquals(List.of(), driver.leaks());
      assertEquals(0, result.wrongWords(), () -> result.first().toString());
      assertEquals(2 * MIB, result.testedBytes());
      assertEquals(2 * MIB, result.untestedBytes());
      assertEquals(72, result.patterns().size(), "each also inverted");
      assertEquals(result.patterns(), samples.stream().map(WalkSample::pattern).toList());
      assertEquals(1, samples.getLast().fraction());
    }
  }

  @Test
  void aBitThatIsStuckIsFoundAndLocated() {
    try (var driver = new FakeDriver(CARD)) {
      long address = driver.stick(0, 3 * MIB / 2 + 2, 5);
      WalkResult result = walk(driver, EXTENT, WalkDepth.QUICK, Watch.none());
      assertEquals(1 << 21, result.wrongBits(), "bit 5 of the third byte of a word");
      assertTrue(result.wrongWords() >= 2, "in one of each pattern and its inverse");
      assertEquals(result.wrongWords(), result.first().size());
      for (WrongWord wrong : result.first()) {
        assertEquals(address - 2, wrong.address());
        assertEquals(1 << 21, wrong.expected() ^ wrong.found(), wrong.toString());
        assertEquals(0, wrong.expected() >>> 21 & 1);
      }
      assertTrue(result.first().getFirst().offset() < result.testedBytes());
    }
  }

  @Test
  void memoryInHolesIsTakenInSmallerPieces() {
    try (var driver = new FakeDriver(CARD.withMemory(8 * MIB))) {
      driver.failAfter("cuMemAlloc_v2", 1, OUT_OF_MEMORY);
      var extent = new MemoryWalk.Extent(MIB, 4 * MIB);
      WalkResult result = walk(driver, extent, WalkDepth.QUICK, Watch.none());
      assertEquals(6 * MIB, result.testedBytes());
      assertEquals(List.of(), driver.leaks());
    }
  }

  @Test
  void itEndsSoonAndSaysSo() {
    try (var driver = new FakeDriver(CARD)) {
      var samples = new ArrayList<WalkSample>();
      WalkResult result =
          walk(driver, EXTENT, WalkDepth.FULL, new Watch<>(samples::add, () -> !samples.isEmpty()));
      assertTrue(result.stopped());
      assertEquals(List.of("own address"), result.patterns());
    }
  }

  @Test
  void aFullCardIsAnErrorAndNotASoundOne() {
    try (var driver = new FakeDriver(CARD.withMemory(MIB))) {
      var error =
          assertThrows(
              SoleboxException.class, () -> walk(driver, EXTENT, WalkDepth.QUICK, Watch.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
      assertEquals("cuda:0", error.place());
    }
  }
}
