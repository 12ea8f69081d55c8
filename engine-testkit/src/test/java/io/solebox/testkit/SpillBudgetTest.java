package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate.DeviceNeed;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.SpillOptions;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host memory for what leaves the KV cache counts under the budget of the CPU's models. */
class SpillBudgetTest {
  private static final long SPILL = 1 << 20;

  private static LoadOptions with(LoadOptions options, long bytes) {
    return options.withSpill(new SpillOptions(bytes));
  }

  /** The reference backend in the place of the CPU's. */
  private static Engine engine(long budget) {
    var device =
        new OpenDevice("cpu", Backends.open("reference", 1), new MemoryLedger("cpu", budget));
    return Engine.of("a CPU", List.of(device), (graph, _) -> Placement.whole(graph, device));
  }

  @Test
  void itIsEstimatedReservedAndRefused(@TempDir Path scratch) {
    Path gguf = ReferenceModel.bundled("qwen3", scratch).gguf();
    LoadOptions options = Models.options();
    DeviceNeed without;
    try (Engine engine = engine(1L << 32)) {
      without = engine.estimate(gguf, options).devices().getFirst();
      DeviceNeed need = engine.estimate(gguf, with(options, SPILL)).devices().getFirst();
      assertEquals(without.wanted().total() + SPILL, need.wanted().total());
      assertEquals(without.least().total() + SPILL, need.least().total());
      try (var model = engine.load(gguf, with(options, SPILL), Progress.none())) {
        assertEquals(need.wanted().total(), model.memory().getFirst().use().total());
      }
      assertEquals(0, engine.memory().getFirst().holdings().size());
    }
    long budget = without.least().total() + SPILL - 1;
    try (Engine engine = engine(budget)) {
      assertTrue(engine.estimate(gguf, options).fits());
      assertTrue(!engine.estimate(gguf, with(options, SPILL)).fits());
      var refused =
          assertThrows(
              SoleboxException.class,
              () -> engine.load(gguf, with(options, SPILL), Progress.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refused.code());
      assertTrue(refused.remedy().contains("--kv-spill"), refused.remedy());
    }
  }

  /** A GPU's ledger knows nothing of host memory, so that has one of its own. */
  @Test
  void besideAGpuItCountsAsHostMemory(@TempDir Path scratch) {
    Path gguf = ReferenceModel.bundled("qwen3", scratch).gguf();
    LoadOptions options = Models.options();
    var host = new MemoryLedger("host", 3 * SPILL / 2);
    try (Engine engine = gpu(host)) {
      assertEquals(1, engine.estimate(gguf, options).devices().size());
      DeviceNeed need = engine.estimate(gguf, with(options, SPILL)).devices().get(1);
      assertEquals("host", need.device());
      assertEquals(SPILL, need.least().total());
      assertTrue(need.fits());
      try (var model = engine.load(gguf, with(options, SPILL), Progress.none())) {
        assertEquals(SPILL, model.memory().get(1).use().total());
        assertEquals(SPILL / 2, host.freeBytes());
        var refused =
            assertThrows(
                SoleboxException.class,
                () -> engine.load(gguf, with(options, SPILL), Progress.none()));
        assertEquals(ErrorCode.OUT_OF_MEMORY, refused.code());
        assertEquals("host", refused.place());
        assertTrue(refused.remedy().contains("--kv-spill"), refused.remedy());
        assertEquals(1, engine.memory().getFirst().holdings().size());
        assertEquals(host, engine.memory().getLast(), "to be seen from outside");
      }
      assertEquals(host.capacityBytes(), host.freeBytes());
      assertTrue(!engine.estimate(gguf, with(options, 2 * SPILL)).fits());
    }
  }

  private static Engine gpu(MemoryLedger host) {
    var device =
        new OpenDevice("gpu", Backends.open("reference", 1), new MemoryLedger("gpu", 1L << 32));
    return Engine.of("a GPU", List.of(device), (graph, _) -> Placement.whole(graph, device), host);
  }

  /** What sees ahead cannot be gone on from. */
  @Test
  void nothingIsReservedForWhatNeverSpills() {
    Path gguf = TestData.requireShared("arch/bert/bert-f32.gguf");
    LoadOptions options = Models.options();
    try (Engine engine = engine(1L << 32)) {
      long without = engine.estimate(gguf, options).wantedBytes();
      assertEquals(without, engine.estimate(gguf, with(options, SPILL)).wantedBytes());
      try (var model = engine.load(gguf, with(options, SPILL), Progress.none())) {
        assertTrue(
            model.notes().stream().anyMatch(note -> note.contains("--kv-spill")),
            model.notes().toString());
      }
      try (var model = engine.load(gguf, options, Progress.none())) {
        assertTrue(model.notes().stream().noneMatch(note -> note.contains("--kv-spill")));
      }
    }
  }
}
