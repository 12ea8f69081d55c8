package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.Speculation;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
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
    return Engine.of("a device", List.of(device), graph -> Placement.whole(graph, device));
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

  @Test
  void whatGivesNoAnswersNeitherGuessesNorIsGuessedFor() {
    Path encoder = TestData.requireShared("arch/bert/bert-f32.gguf");
    try (Engine engine = engine(1L << 30)) {
      for (var options :
          List.of(Models.options().withSpeculation(new Speculation.Lookup(4)), options(large))) {
        var refusal =
            assertThrows(
                SoleboxException.class, () -> engine.load(encoder, options, Progress.none()));
        assertEquals(ErrorCode.UNSUPPORTED_MODEL, refusal.code());
      }
      var refusal =
          assertThrows(
              SoleboxException.class, () -> engine.load(large, options(encoder), Progress.none()));
      assertEquals(ErrorCode.UNSUPPORTED_MODEL, refusal.code());
    }
  }
}
