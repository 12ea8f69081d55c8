package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.memory.MemoryLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of models and answers when the hardware must not work any more. */
@Timeout(60)
class EvacuationTest {
  private static final SoleboxException HOT =
      new SoleboxException(ErrorCode.HARDWARE_GUARD, "gpu", "It is at 90 °C.", "Wait.");

  @TempDir private Path scratch;
  private final AtomicReference<Optional<SoleboxException>> refusal =
      new AtomicReference<>(Optional.empty());
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final LoadGate gate =
      (_, _, _, _) -> {
        if (refusal.get().isPresent()) {
          throw refusal.get().get();
        }
      };

  private final LoadWatcher watcher =
      new LoadWatcher() {
        @Override
        public void evacuated(String name, SoleboxException why) {
          heard.add(name + " " + why.code());
        }
      };

  @Test
  void answersEndWithTheReasonAndTheModelComesAgainOnceItMay() throws InterruptedException {
    Path file = ReferenceModel.bundled("qwen3", scratch).gguf();
    // So slow that its answer is still running when it is to end.
    LoadOptions options =
        LoadOptions.defaults().withContext(256).withKvType(KvType.F32).withPace(() -> 0.001);
    var memory = new MemoryLedger("cpu", 1L << 30);
    var device = new OpenDevice("cpu", Backends.open("reference", 1), memory);
    Catalog catalog = Catalog.of(List.of(new Catalog.Offer("a", file, options)));
    try (Engine engine =
            Engine.of("a CPU", List.of(device), (graph, _) -> Placement.whole(graph, device));
        var host = new ModelHost(engine, catalog, gate, watcher)) {
      try (Lease lease = host.use("a", Progress.none())) {
        SamplingParams endless =
            SamplingParams.builder().maxTokens(100_000).ignoreEndOfGeneration(true).build();
        Generation generation = lease.model().submit(new int[] {1, 2}, endless);
        refusal.set(Optional.of(HOT));

        assertEquals(List.of("a"), host.evacuate(HOT));
        assertEquals(HOT, failure(generation));
        assertEquals(List.of("a HARDWARE_GUARD"), heard);
        assertInstanceOf(ModelState.Absent.class, host.state("a"));
        assertEquals(1L << 30, memory.freeBytes());
        assertEquals(
            HOT,
            assertThrows(
                SoleboxException.class, () -> lease.model().submit(new int[] {1}, endless)));
      }
      assertEquals(HOT, assertThrows(SoleboxException.class, () -> host.use("a", Progress.none())));
      refusal.set(Optional.empty());
      try (Lease lease = host.use("a", Progress.none())) {
        assertEquals(1, Models.greedy(lease.model(), new int[] {1}, 1).length);
      }
    }
  }

  private static SoleboxException failure(Generation generation) throws InterruptedException {
    Generation.Event event = generation.next();
    while (!(event instanceof Generation.Failed)) {
      event = generation.next();
    }
    return ((Generation.Failed) event).error();
  }
}
