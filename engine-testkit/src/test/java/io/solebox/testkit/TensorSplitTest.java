package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.Placement.Form;
import io.solebox.engine.api.TensorSplit;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When layers are split, over which devices, and what is said of it. */
class TensorSplitTest {
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(96).withParallel(2).withKvType(KvType.F32);
  private static final Limits LIMITS =
      new Limits(96, 32, 2, 4, 96, KvType.F32, Activations.AUTO, Long.MAX_VALUE);

  @TempDir Path scratch;
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void close() {
    arena.close();
  }

  private Graph graph() {
    return TinyTransformer.graph(new TinyTransformer.Sizes(64, 4, 256, 8, 4, 128, 1024), arena);
  }

  private static Placement.Policy tensor(ToyCards cards) {
    return TensorSplit.of(cards.devices(), members -> cards.together(members, Optional.empty()));
  }

  private static Engine engine(ToyCards cards) {
    return Engine.of("", cards.devices(), tensor(cards));
  }

  static boolean isTensor(Placement placement) {
    return switch (placement.form()) {
      case Form.Ranks _ -> true;
      case Form.Layers _ -> false;
    };
  }

  static void assertSays(String words, Placement placement) {
    String remarks = String.join("\n", placement.remarks());
    assertTrue(remarks.contains(words), remarks);
  }

  @Test
  void whatEachHasIsTold() throws InterruptedException {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    ToyCards two = ToyCards.of(2);
    try (Engine engine = engine(two);
        LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
      assertTrue(
          loaded.device().startsWith("part 1 of 2 of every layer on gpu:0 ("), loaded.device());
      String notes = String.join("\n", loaded.notes());
      assertTrue(notes.contains("Every layer is split over 2 devices"), notes);
      assertTrue(notes.contains("gpu:1 has part 2 of 2 of every layer: weights "), notes);
      assertEquals(4, Models.greedy(loaded, new int[] {1, 2, 3}, 4).length);
    }
  }

  @Test
  void unequalCardsAreToldToWaitForTheSlowest() {
    ToyCards two = ToyCards.of(1).and(1, ToyCards.PLENTY, OptionalDouble.of(300e9));
    assertSays("sets the pace", tensor(two).place(graph(), LIMITS));
  }

  @Test
  void aLostCardIsLeftOutAndTheOthersHaveItAll() {
    ToyCards three = ToyCards.of(3);
    three.lose(1);
    Placement two = tensor(three).place(graph(), LIMITS);
    assertTrue(isTensor(two));
    assertEquals(
        List.of(three.devices().get(0), three.devices().get(2)),
        two.stages().stream().map(Placement.Stage::device).toList());
    assertSays("gpu:1 is lost, and left out", two);
    three.lose(2);
    assertEquals(1, tensor(three).place(graph(), LIMITS).stages().size());
    three.lose(0);
    assertThrows(SoleboxException.class, () -> tensor(three).place(graph(), LIMITS));
  }

  /** 8 heads are not for 3. */
  @Test
  void whereTheRestCannotHavePartsOfLayersItHasLayers() {
    ToyCards four = ToyCards.of(4);
    assertTrue(isTensor(tensor(four).place(graph(), LIMITS)));
    four.lose(3);
    Placement three = tensor(four).place(graph(), LIMITS);
    assertTrue(!isTensor(three));
    assertEquals(3, three.stages().size());
    assertSays("What remains has the model by layers. 8 query heads", three);
  }

  @Test
  void devicesThatCannotComputeTogetherAreRefusedWithTheReason() {
    ToyCards two = ToyCards.of(2);
    var split =
        TensorSplit.of(two.devices(), _ -> new Teaming.Apart("They are strangers.", "Use one."));
    var refusal = assertThrows(SoleboxException.class, () -> split.place(graph(), LIMITS));
    assertEquals("They are strangers.", refusal.getMessage());
    assertEquals("Use one.", refusal.remedy());
    assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheNumbers() {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    ToyCards two = new ToyCards().and(2, 100_000, OptionalDouble.empty());
    try (Engine engine = engine(two)) {
      var refusal =
          assertThrows(SoleboxException.class, () -> engine.load(model, OPTIONS, Progress.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
      assertTrue(refusal.place().startsWith("gpu:"), refusal.place());
    }
  }

  @Test
  void aCardThatIsLostWhileItAnswersEndsTheRequestAndTheRestHasTheModelNext()
      throws InterruptedException {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    ToyCards two = ToyCards.of(2);
    try (Engine engine = engine(two)) {
      try (LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
        assertEquals(4, Models.greedy(loaded, new int[] {1, 2, 3}, 4).length);
        two.lose(1);
        var failure =
            assertThrows(
                SoleboxException.class, () -> Models.greedy(loaded, new int[] {1, 2, 3}, 4));
        assertEquals(ErrorCode.DEVICE_UNAVAILABLE, failure.code());
        assertEquals("It fell off the bus.", failure.getMessage());
        assertTrue(loaded.failure().isPresent());
      }
      try (LoadedModel rest = engine.load(model, OPTIONS, Progress.none())) {
        assertTrue(rest.notes().toString().contains("gpu:1 is lost, and left out"));
        assertEquals(4, Models.greedy(rest, new int[] {1, 2, 3}, 4).length);
      }
    }
  }

  /** Of three layers one fits on the small card, and half of all do not. */
  @Test
  void whereEqualPartsDoNotFitLayersMay() {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    long half;
    ToyCards large = ToyCards.of(2);
    try (Engine engine = engine(large)) {
      half = engine.estimate(model, OPTIONS).devices().getLast().least().total();
    }
    ToyCards unequal = ToyCards.of(1).and(1, half - 1, OptionalDouble.of(900e9));
    try (Engine engine = engine(unequal)) {
      var refusal =
          assertThrows(SoleboxException.class, () -> engine.load(model, OPTIONS, Progress.none()));
      assertEquals("gpu:1", refusal.place());
      assertTrue(refusal.remedy().contains("It fits with --split layers."), refusal.remedy());
    }
    try (Engine engine =
        Engine.of("", unequal.devices(), LayerSplit.of(unequal.devices(), List.of()))) {
      engine.load(model, OPTIONS, Progress.none()).close();
    }
  }

  @Test
  void aRankAloneIsRefused() {
    ToyCards two = ToyCards.of(2);
    Placement placement = tensor(two).place(graph(), LIMITS);
    Placement.Stage rank = placement.stages().getFirst();
    assertSame(two.devices().getFirst(), rank.device());
    Backend reference = Backends.open("reference", 1);
    Limits limits = LIMITS.withMemoryBudget(ToyCards.PLENTY);
    assertThrows(
        SoleboxException.class, () -> reference.prepare(rank.graph(), limits, Progress.none()));
  }
}
