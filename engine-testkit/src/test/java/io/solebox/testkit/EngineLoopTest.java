package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.SamplingParams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a caller of a loaded model can rely on, whatever goes wrong. */
@Timeout(60)
class EngineLoopTest {
  @TempDir Path scratch;
  private ReferenceModel reference;
  private Engine engine;
  private LoadedModel model;

  @BeforeEach
  void load() {
    reference = ReferenceModel.bundled("qwen2", scratch);
    engine = Engine.open("reference", 1);
    model = Models.load(engine, reference.gguf(), KvType.F32);
  }

  @AfterEach
  void close() {
    model.close();
    engine.close();
  }

  private static SamplingParams endless() {
    return SamplingParams.builder().maxTokens(100_000).ignoreEndOfGeneration(true).build();
  }

  /** The next token, whatever is said before it of waiting and of the prompt. */
  private static Generation.Token token(Generation generation) throws InterruptedException {
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {}
        case Generation.Token token -> {
          return token;
        }
        case Generation.End _, Generation.Failed _ -> fail("no token comes any more");
      }
    }
  }

  private static Generation.End end(Generation generation) throws InterruptedException {
    while (true) {
      if (generation.next() instanceof Generation.End end) {
        return end;
      }
    }
  }

  @Test
  void theAnswerThatFillsTheContextEndsWithLength() throws InterruptedException {
    int[] prompt = new int[500];
    try (var generation = model.submit(prompt, endless())) {
      var end = end(generation);
      assertEquals(FinishReason.LENGTH, end.reason());
      assertEquals(500, end.usage().promptTokens());
      assertEquals(12, end.usage().completionTokens());
    }
  }

  @Test
  void aPromptThatLeavesNoRoomIsRefusedWithBothCounts() {
    var error =
        assertThrows(
            SoleboxException.class, () -> model.submit(new int[512], SamplingParams.greedy(1)));
    assertEquals(ErrorCode.CONTEXT_LENGTH_EXCEEDED, error.code());
    assertTrue(error.getMessage().matches(".*512 tokens.*512.*"), error.getMessage());
  }

  @Test
  void nonsenseIsRefusedByName() {
    for (int[] prompt : new int[][] {{}, {-1}, {512}}) {
      var error =
          assertThrows(
              SoleboxException.class, () -> model.submit(prompt, SamplingParams.greedy(1)));
      assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
      assertEquals("prompt", error.place());
    }
    var biased = SamplingParams.builder().logitBias(Map.of(512, 1f)).build();
    var error = assertThrows(SoleboxException.class, () -> model.submit(new int[] {1}, biased));
    assertEquals("logit_bias", error.place());
  }

  @Test
  void closingAnAnswerFreesItsBlocksAtTheNextStep() throws InterruptedException {
    var generation = model.submit(new int[] {1, 2, 3}, endless());
    token(generation);
    generation.close();
    assertEquals(FinishReason.CANCELLED, end(generation).reason());
    assertEquals(0, model.stats().usedBlocks());
    assertEquals(0, model.stats().running());
  }

  @Test
  void moreAnswersThanFitAtOnceTakeTurns() throws InterruptedException {
    var prompt = reference.prompts().get(1);
    var generations = new ArrayList<Generation>();
    for (int i = 0; i < 11; i++) {
      generations.add(model.submit(prompt.ids(), SamplingParams.greedy(32)));
    }
    int[] first = Models.ids(generations.getFirst());
    for (Generation generation : generations.subList(1, 11)) {
      assertArrayEquals(first, Models.ids(generation));
    }
  }

  @Test
  void closingTheModelEndsEveryAnswerWithItsReason() throws InterruptedException {
    var generations = new ArrayList<Generation>();
    for (int i = 0; i < 9; i++) {
      generations.add(model.submit(new int[] {i + 1}, endless()));
    }
    token(generations.getFirst());
    model.close();
    for (Generation generation : generations) {
      var error = assertThrows(SoleboxException.class, () -> Models.ids(generation));
      assertEquals(ErrorCode.CLOSED, error.code());
    }
    var error =
        assertThrows(
            SoleboxException.class, () -> model.submit(new int[] {1}, SamplingParams.greedy(1)));
    assertEquals(ErrorCode.CLOSED, error.code());
  }

  @Test
  void aSinkThatThrowsIsTheCallersAloneAndTheLoopGoesOn() throws InterruptedException {
    var prompt = reference.prompts().get(2);
    var error =
        assertThrows(
            IllegalStateException.class,
            () ->
                model.logits(
                    prompt.ids(),
                    (position, _) -> {
                      if (position == 3) {
                        throw new IllegalStateException("full disk");
                      }
                    }));
    assertEquals("full disk", error.getMessage());
    assertEquals(prompt.ids().length, Models.logits(model, prompt.ids()).length);
    assertEquals(0, model.stats().usedBlocks());
  }

  @Test
  void severalMayAskForWholeRowsAtOnce() throws InterruptedException, ExecutionException {
    int[] ids = reference.prompts().get(2).ids();
    float[][] alone = Models.logits(model, ids);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<float[][]>> asked = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        asked.add(executor.submit(() -> Models.logits(model, ids)));
      }
      for (var rows : asked) {
        for (int t = 0; t < ids.length; t++) {
          assertArrayEquals(alone[t], rows.get()[t]);
        }
      }
    }
  }

  @Test
  void manyCallersWhoComeAndGoLeaveNothingBehind() throws InterruptedException, ExecutionException {
    int[] expected = Models.greedy(model, new int[] {5, 6, 7}, 20);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> done = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int seed = i;
        done.add(executor.submit((Callable<Integer>) () -> comeAndGo(seed, expected)));
      }
      for (var result : done) {
        assertTrue(result.get() >= 0);
      }
    }
    // Answers that were left early are freed at the next step; an answer after them sees that.
    Models.greedy(model, new int[] {1}, 1);
    assertEquals(0, model.stats().usedBlocks());
    assertEquals(0, model.stats().waiting());
  }

  private int comeAndGo(int seed, int[] expected) throws InterruptedException {
    var random = new Random(seed);
    if (random.nextBoolean()) {
      assertArrayEquals(expected, Models.greedy(model, new int[] {5, 6, 7}, 20));
      return 0;
    }
    try (var generation = model.submit(new int[1 + random.nextInt(200)], endless())) {
      for (int i = random.nextInt(8); i > 0; i--) {
        token(generation);
      }
      return 1;
    }
  }
}
