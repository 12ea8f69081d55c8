package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.ChatOptions;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.ModelRunner;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.LookupDrafter;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.spill.SpillStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model's answers are the same to the id whether somebody guesses them ahead or not: what a step
 * computes for several positions of a sequence has the bits of steps of one.
 */
public abstract class SpeculationConformance {
  /** With the token that is none a step of eight, which GPUs compute as they do single tokens. */
  private static final int GUESSED = 7;

  @TempDir Path scratch;
  private ReferenceModel reference;

  protected abstract Backend open();

  /** Ids of each answer. */
  protected int tokens() {
    return 100;
  }

  /** Whether sequences that run ahead side by side keep their bits. */
  protected boolean keepsBitsOfNeighbours() {
    return true;
  }

  @BeforeEach
  void read() {
    reference = ReferenceModel.bundled("qwen3", scratch);
  }

  private static Limits limits() {
    return new Limits(
        512,
        64,
        4,
        4 + LoadOptions.EXTRA_ROWS,
        2048,
        KvType.F16,
        Activations.AUTO,
        Long.MAX_VALUE / 2);
  }

  private ModelFile file() {
    return ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED);
  }

  private LoadedModel load(Backend backend, Guessing guessing) {
    ModelFile file = file();
    var plan = backend.prepare(file.graph(), limits(), Progress.none());
    return new ModelRunner(
        file,
        plan,
        backend.describe(),
        limits(),
        List.of(),
        List.of(),
        ChatOptions.OF_FILE,
        guessing,
        SpillStore.off());
  }

  private static Guessing always(Drafter drafter) {
    return new Guessing(drafter, GUESSED, Guessing.When.ALWAYS);
  }

  /** The model itself, which has another cache and guesses what will be said. */
  private Drafter twin(Backend backend) {
    ModelFile file = file();
    var plan = backend.prepare(file.graph(), limits(), Progress.none());
    return new ModelDrafter(file.graph(), plan, limits(), file::close);
  }

  /** Ends with its beginning, so that there is something to look up. */
  private int[] prompt(int from) {
    int[] ids =
        reference.prompts().stream().filter(p -> p.ids().length == 64).findFirst().get().ids();
    int[] prompt = Arrays.copyOfRange(ids, from, from + 34);
    System.arraycopy(prompt, 0, prompt, 30, 4);
    return prompt;
  }

  private SamplingParams.Builder params() {
    return SamplingParams.builder().maxTokens(tokens()).ignoreEndOfGeneration(true).seed(5);
  }

  private record Answer(int[] ids, Generation.Usage usage) {
    Generation.Drafts drafts() {
      return usage.drafts().orElseThrow();
    }
  }

  private static Answer answer(Generation generation) throws InterruptedException {
    var ids = new ArrayList<Integer>();
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {}
        case Generation.Token token -> ids.add(token.id());
        case Generation.End end -> {
          return new Answer(ids.stream().mapToInt(i -> i).toArray(), end.usage());
        }
        case Generation.Failed(var error) -> throw error;
      }
    }
  }

  private static Answer answer(LoadedModel model, int[] prompt, SamplingParams params)
      throws InterruptedException {
    return answer(model.submit(GenerationRequest.of(prompt, params)));
  }

  @Test
  void lookedUpGuessesChangeNothing() throws InterruptedException {
    var params = params().temperature(0).build();
    try (var backend = open();
        var plain = load(backend, Guessing.NONE);
        var guessed = load(backend, always(new LookupDrafter()))) {
      Answer with = answer(guessed, prompt(0), params);
      assertArrayEquals(answer(plain, prompt(0), params).ids(), with.ids());
      assertTrue(with.drafts().drafted() > 0);
    }
  }

  @Test
  void aTwinGuessesWhatIsSaidHoweverItIsSampled() throws InterruptedException {
    try (var backend = open();
        var plain = load(backend, Guessing.NONE);
        var guessed = load(backend, always(twin(backend)))) {
      for (var params :
          List.of(params().temperature(0).build(), params().temperature(1.1).topK(40).build())) {
        Answer with = answer(guessed, prompt(9), params);
        assertArrayEquals(answer(plain, prompt(9), params).ids(), with.ids());
        assertTrue(with.drafts().drafted() >= tokens() / 2);
        assertEquals(with.drafts().drafted(), with.drafts().accepted());
      }
      // Again, on what both have in their prefix caches.
      var params = params().temperature(0).build();
      assertArrayEquals(
          answer(plain, prompt(9), params).ids(), answer(guessed, prompt(9), params).ids());
    }
  }

  @Test
  void sequencesRunAheadSideBySide() throws InterruptedException {
    try (var backend = open();
        var plain = load(backend, Guessing.NONE);
        var guessed = load(backend, always(twin(backend)))) {
      List<Generation> running = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        var params = params().temperature(i % 2).maxTokens(tokens() / 2 + i).build();
        running.add(guessed.submit(GenerationRequest.of(prompt(3 * i), params)));
      }
      int accepted = 0;
      for (int i = 0; i < 6; i++) {
        Answer with = answer(running.get(i));
        if (keepsBitsOfNeighbours()) {
          var params = params().temperature(i % 2).maxTokens(tokens() / 2 + i).build();
          assertArrayEquals(answer(plain, prompt(3 * i), params).ids(), with.ids());
        }
        assertEquals(tokens() / 2 + i, with.ids().length);
        accepted += with.drafts().accepted();
      }
      assertTrue(accepted > 0);
      assertEquals(0, guessed.stats().usedBlocks());
    }
  }
}
