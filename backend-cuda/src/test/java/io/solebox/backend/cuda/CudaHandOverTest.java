package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.testkit.Models;
import io.solebox.testkit.ReferenceModel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states on their way between two cards, whatever these let each other do. */
class CudaHandOverTest {
  private static final int[] PROMPT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  private static final LoadOptions OPTIONS = LoadOptions.defaults().withContext(64).withParallel(1);
  private static final String COPY = "cuMemcpyPeerAsync";

  @TempDir Path scratch;

  /** A model on two cards of this driver. */
  private final class Split implements AutoCloseable {
    final Engine engine;
    final LoadedModel model;

    Split(FakeDriver driver) throws InterruptedException {
      List<OpenDevice> cards =
          Stream.of(0, 1)
              .map(
                  i ->
                      new OpenDevice(
                          "cuda:" + i,
                          FakeProviders.open(driver, i),
                          new MemoryLedger("cuda:" + i, Long.MAX_VALUE)))
              .toList();
      engine = Engine.of("two cards", cards, LayerSplit.of(cards, List.of()));
      model = engine.load(gguf(), OPTIONS, Progress.none());
    }

    @Override
    public void close() {
      model.close();
      engine.close();
    }
  }

  private Path gguf() {
    return ReferenceModel.bundled("qwen3", scratch).gguf();
  }

  private record Said(float[][] logits, int[] answer) {
    static Said of(LoadedModel model) throws InterruptedException {
      return new Said(Models.logits(model, PROMPT), Models.greedy(model, PROMPT, 3));
    }

    void assertSame(Said other) {
      assertArrayEquals(logits, other.logits);
      assertArrayEquals(answer, other.answer);
    }
  }

  private Said onOne() throws InterruptedException {
    try (var driver = new FakeDriver(FakeGpu.ampere())) {
      var card =
          new OpenDevice(
              "cuda:0", FakeProviders.open(driver), new MemoryLedger("cuda:0", Long.MAX_VALUE));
      try (Engine engine =
              Engine.of("a card", List.of(card), (graph, _) -> Placement.whole(graph, card));
          LoadedModel model = engine.load(gguf(), OPTIONS, Progress.none())) {
        return Said.of(model);
      }
    }
  }

  /** What two cards say, on a driver that is arranged so, and which notes the load has. */
  private List<String> notesOfTwo(Consumer<FakeDriver> arrange, boolean copies)
      throws InterruptedException {
    try (var driver = new FakeDriver(FakeGpu.ampere(), FakeGpu.ampere())) {
      arrange.accept(driver);
      List<String> notes;
      try (var split = new Split(driver)) {
        int before = driver.calls(COPY);
        Said.of(split.model).assertSame(onOne());
        assertEquals(copies, driver.calls(COPY) > before);
        notes = split.model.notes();
      }
      assertEquals(List.of(), driver.faults());
      assertEquals(List.of(), driver.leaks());
      return notes;
    }
  }

  private static void assertNoted(String part, List<String> notes) {
    assertTrue(notes.stream().anyMatch(note -> note.contains(part)), notes::toString);
  }

  @Test
  void peersGetThemDirectly() throws InterruptedException {
    assertNoted(
        "cuda:0 hands hidden states over to cuda:1 directly", notesOfTwo(driver -> {}, true));
  }

  @Test
  void othersGetThemThroughHostMemory() throws InterruptedException {
    assertNoted("through host memory", notesOfTwo(driver -> driver.bar(0, 1), false));
  }

  @Test
  void peersThatLieGetThemThroughHostMemory() throws InterruptedException {
    assertNoted("do not arrive", notesOfTwo(driver -> driver.lie(0, 1), false));
  }

  /** Access and memory are gone with the context of either card. */
  @Test
  void theWayComesBackWithACardThatWasLost() throws InterruptedException {
    try (var driver = new FakeDriver(FakeGpu.ampere(), FakeGpu.ampere())) {
      try (var split = new Split(driver)) {
        Said before = Said.of(split.model);
        for (String lost : List.of("cuMemcpyPeerAsync", "cuMemcpyDtoDAsync_v2")) { // here and there
          driver.failNext(lost, 700);
          assertThrows(SoleboxException.class, () -> Said.of(split.model));
          again(split.model).assertSame(before);
        }
      }
      assertEquals(List.of(), driver.leaks());
    }
  }

  /** Each stage may have to say once that what it had is gone. */
  private static Said again(LoadedModel model) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      try {
        return Said.of(model);
      } catch (SoleboxException e) {
        assertTrue(e.remedy().startsWith("Send the request again"), e::describe);
      }
    }
    return Said.of(model);
  }
}
