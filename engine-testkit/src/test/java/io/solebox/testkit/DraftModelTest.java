package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.Speculation;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is loaded with another one to guess for it. */
class DraftModelTest {
  @TempDir Path scratch;
  private Path large;
  private Path small;

  @BeforeEach
  void unpack() {
    large = ReferenceModel.bundled("qwen3", scratch).gguf();
    small = TestData.file(Weights.of("qwen3", "f16").path(), scratch);
  }

  private static LoadOptions options(Path draft) {
    return Models.options().withSpeculation(new Speculation.DraftModel(draft, 4));
  }

  private static Engine engine(long bytes) {
    var device =
        new OpenDevice("cpu", Backends.open("reference", 1), new MemoryLedger("cpu", bytes));
    return Engine.of("a device", List.of(device), (graph, _) -> Placement.whole(graph, device));
  }

  @Test
  void bothAreInTheEstimateAndInTheLedgerAndLeaveTogether() throws InterruptedException {
    try (Engine engine = engine(1L << 30)) {
      LoadEstimate alone = engine.estimate(large, Models.options());
      LoadEstimate both = engine.estimate(large, options(small));
      assertEquals(1, both.devices().size());
      assertTrue(both.wantedBytes() > alone.wantedBytes());
      int[] expected;
      try (LoadedModel model = engine.load(large, Models.options(), Progress.none())) {
        expected = Models.greedy(model, new int[] {3, 4, 5}, 30);
      }
      try (LoadedModel model = engine.load(large, options(small), Progress.none())) {
        assertArrayEquals(expected, Models.greedy(model, new int[] {3, 4, 5}, 30));
        assertEquals(2, model.memory().size());
        long held = model.memory().stream().mapToLong(h -> h.use().total()).sum();
        assertEquals(both.wantedBytes(), held);
        assertTrue(
            engine.memory().getFirst().holdings().stream()
                .anyMatch(h -> h.owner().endsWith("(draft)")));
      }
      assertEquals(List.of(), engine.memory().getFirst().holdings());
    }
  }

  @Test
  void whereBothDoNotFitNothingIsTaken() {
    LoadEstimate.DeviceNeed alone;
    try (Engine engine = engine(1L << 30)) {
      alone = engine.estimate(large, Models.options()).devices().getFirst();
    }
    try (Engine engine = engine(alone.least().total() + 1000)) {
      engine.load(large, Models.options(), Progress.none()).close();
      var refusal =
          assertThrows(
              SoleboxException.class, () -> engine.load(large, options(small), Progress.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
      assertEquals(List.of(), engine.memory().getFirst().holdings());
    }
  }

  /** The larger one is not refused for what the smaller one would like to have. */
  @Test
  void whereTheLeastOfBothFitsBothAreLoaded() throws InterruptedException {
    LoadEstimate.DeviceNeed both;
    try (Engine engine = engine(1L << 30)) {
      both = engine.estimate(large, options(small)).devices().getFirst();
    }
    assertTrue(both.least().total() < both.wanted().total());
    try (Engine engine = engine(both.least().total())) {
      assertTrue(engine.estimate(large, options(small)).fits());
      try (LoadedModel model = engine.load(large, options(small), Progress.none())) {
        assertEquals(30, Models.greedy(model, new int[] {3, 4, 5}, 30).length);
        assertEquals(2, model.notes().stream().filter(n -> n.contains("Memory holds")).count());
        assertTrue(
            model.notes().stream()
                .anyMatch(n -> n.startsWith("draft: Memory holds") && n.endsWith("not guessed.")),
            model.notes().toString());
      }
      assertEquals(List.of(), engine.memory().getFirst().holdings());
    }
  }

  @Test
  void aRefusalSaysWhichOfThemHasNoRoomAndNamesOthersOnly() {
    LoadEstimate.DeviceNeed alone;
    LoadEstimate.DeviceNeed both;
    try (Engine engine = engine(1L << 30)) {
      alone = engine.estimate(large, Models.options()).devices().getFirst();
      both = engine.estimate(large, options(small)).devices().getFirst();
    }
    SoleboxException noRoom = refusal(alone.least().total() - 1);
    assertTrue(!noRoom.getMessage().contains("draft"), noRoom.getMessage());
    SoleboxException noRoomBeside = refusal(both.least().total() - 1);
    assertTrue(noRoomBeside.getMessage().contains("the draft model"), noRoomBeside.getMessage());
    assertTrue(!noRoomBeside.getMessage().contains("Loaded on it"), noRoomBeside.getMessage());
    assertTrue(noRoomBeside.remedy().contains("--draft"), noRoomBeside.remedy());
  }

  private SoleboxException refusal(long bytes) {
    try (Engine engine = engine(bytes)) {
      var refusal =
          assertThrows(
              SoleboxException.class, () -> engine.load(large, options(small), Progress.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
      assertEquals(List.of(), engine.memory().getFirst().holdings());
      return refusal;
    }
  }

  @Test
  void anEstimateWithOtherOptionsIsOfBoth() {
    try (Engine engine = engine(1L << 30);
        LoadableModel model = engine.examine(large, options(small))) {
      LoadOptions other = options(small).withContext(64).withParallel(1);
      assertEquals(engine.estimate(large, other).devices(), model.estimate(other).devices());
      LoadOptions alone = Models.options().withContext(64);
      assertEquals(engine.estimate(large, alone).devices(), model.estimate(alone).devices());
    }
  }

  /** Whatever of the load fails, nothing of it stays. */
  @Test
  void aLoadThatFailsGivesEverythingBack() throws InterruptedException {
    for (FailingBackend.Fault fault : FailingBackend.Fault.values()) {
      for (int plan = 0; plan < 2; plan++) {
        var backend = new FailingBackend(fault, plan);
        var device = new OpenDevice("cpu", backend, new MemoryLedger("cpu", 1L << 30));
        try (Engine engine =
            Engine.of("a device", List.of(device), (graph, _) -> Placement.whole(graph, device))) {
          assertThrows(
              IllegalStateException.class,
              () -> engine.load(large, options(small), Progress.none()),
              fault + " of plan " + plan);
          assertEquals(0, backend.openPlans());
          assertEquals(List.of(), engine.memory().getFirst().holdings());
          try (LoadedModel model = engine.load(large, options(small), Progress.none())) {
            assertEquals(3, Models.greedy(model, new int[] {3, 4, 5}, 3).length);
          }
          assertEquals(0, backend.openPlans());
        }
      }
    }
  }

  @Test
  void anotherVocabularyIsRefusedWithTheFirstDifference() {
    Path other = ReferenceModel.bundled("llama-tied", scratch).gguf();
    try (Engine engine = engine(1L << 30)) {
      var refusal =
          assertThrows(
              SoleboxException.class, () -> engine.load(large, options(other), Progress.none()));
      assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
      assertEquals("--draft " + other.getFileName(), refusal.place());
      assertTrue(
          refusal.getMessage().matches(".*vocabulary.* id \\d+ is \".*\", not \".*\".*"),
          refusal.getMessage());
      assertTrue(refusal.remedy().contains("same family"), refusal.remedy());
    }
  }

  /** Whoever wants answers of it hears so from who knows that they are wanted. */
  @Test
  void whatGivesNoAnswersNeitherGuessesNorIsGuessedFor() throws InterruptedException {
    Path encoder = TestData.requireShared("arch/bert/bert-f32.gguf");
    LoadOptions plain = Models.options().withContext(64);
    try (Engine engine = engine(1L << 30)) {
      for (var speculation :
          List.of(new Speculation.Lookup(4), new Speculation.DraftModel(large, 4))) {
        LoadOptions options = plain.withSpeculation(speculation);
        try (LoadedModel model = engine.load(encoder, options, Progress.none())) {
          assertEquals(1, model.encode(new int[] {3, 4}, HiddenRows.FIRST).length);
          assertEquals(1, model.memory().size());
          assertEquals(
              speculation instanceof Speculation.DraftModel,
              model.notes().contains("draft: Not loaded, since this model gives no answers."));
        }
      }
      var refusal =
          assertThrows(
              SoleboxException.class, () -> engine.load(large, options(encoder), Progress.none()));
      assertEquals(ErrorCode.UNSUPPORTED_MODEL, refusal.code());
    }
  }
}
