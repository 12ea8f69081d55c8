package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.model.adapter.AdapterOptions;
import io.solebox.testkit.ReferenceAdapter.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole models with adapters: against transformers, and each against itself among others. Every
 * backend subclasses this.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AdapterConformance {
  private static final double BOUND = 1e-3;

  private Engine engine;

  /** As in {@code --device}. */
  protected abstract String device();

  /** Whether results are the same to the bit whatever shares their step. */
  protected boolean batchInvariant() {
    return true;
  }

  /** Prompts with more tokens are left out. */
  protected int longestPrompt() {
    return Integer.MAX_VALUE;
  }

  /** Tokens of an answer, at most. */
  protected int tokens() {
    return 20;
  }

  @BeforeAll
  void open() {
    engine = Engine.open(device(), 2);
  }

  @AfterAll
  void close() {
    engine.close();
  }

  private LoadedModel load(ReferenceAdapter of, List<AdapterOptions> adapters) {
    var options =
        LoadOptions.defaults()
            .withContext(256)
            .withKvType(KvType.F32)
            .withParallel(8)
            .withAdapters(adapters);
    return engine.load(of.base(), options, Progress.none());
  }

  private static List<ReferenceAdapter> ofOneModel() {
    return ReferenceAdapter.OF_ONE_MODEL.stream().map(ReferenceAdapter::of).toList();
  }

  private LoadedModel loadAll() {
    List<ReferenceAdapter> all = ofOneModel();
    return load(all.getFirst(), all.stream().map(a -> a.options(Form.GGUF)).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "poet, GGUF",
    "clerk, GGUF",
    "joiner, GGUF",
    "poet, PEFT",
    "clerk, PEFT",
    "joiner, PEFT"
  })
  void logitsAndGreedyTextEqualTheReference(String name, Form form) throws InterruptedException {
    ReferenceAdapter adapter = ReferenceAdapter.of(name);
    try (LoadedModel loaded = load(adapter, List.of(adapter.options(form)))) {
      LoadedModel model = loaded.with(name);
      for (var prompt : adapter.prompts()) {
        if (prompt.ids().length > longestPrompt()) {
          System.out.printf(
              "SKIPPED: %s has %d tokens, more than the %d that are tested on this device%n",
              prompt.name(), prompt.ids().length, longestPrompt());
          continue;
        }
        float[][] logits = Models.logits(model, prompt.ids());
        int vocab = logits[0].length;
        for (int i = 0; i < prompt.positions().length; i++) {
          float[] row = logits[prompt.positions()[i]];
          for (int v = 0; v < vocab; v++) {
            String what = "%s, position %d".formatted(prompt.name(), prompt.positions()[i]);
            assertEquals(prompt.logits()[i * vocab + v], row[v], BOUND, what);
          }
        }
        int n = Math.min(tokens(), prompt.greedy().length);
        int[] expected = Arrays.copyOf(prompt.greedy(), n);
        assertArrayEquals(expected, Models.greedy(model, prompt.ids(), n), prompt.name());
      }
    }
  }

  /** What is loaded beside a model leaves its own answers as they are, to the bit. */
  @Test
  void theModelAloneIsWhatItWas() throws InterruptedException {
    assumeTrue(batchInvariant(), "SKIPPED: this backend joins products otherwise");
    ReferenceAdapter poet = ReferenceAdapter.of("poet");
    int[] ids = poet.prompt("p64").ids();
    float[][] alone;
    try (LoadedModel model = load(poet, List.of())) {
      alone = Models.logits(model, ids);
    }
    try (LoadedModel model = loadAll()) {
      assertRows(alone, Models.logits(model, ids));
    }
  }

  @Test
  void halfOfAnAdapterIsBetweenNothingAndAllOfIt() throws InterruptedException {
    ReferenceAdapter poet = ReferenceAdapter.of("poet");
    AdapterOptions all = poet.options(Form.GGUF);
    var none = new AdapterOptions("none", all.path(), 0);
    var twice = new AdapterOptions("twice", all.path(), 2);
    int[] ids = poet.prompt("p7").ids();
    try (LoadedModel model = load(poet, List.of(all, none, twice))) {
      float[][] alone = Models.logits(model, ids);
      float[][] same = Models.logits(model.with("none"), ids);
      float[][] once = Models.logits(model.with("poet"), ids);
      float[][] more = Models.logits(model.with("twice"), ids);
      for (int t = 0; t < ids.length; t++) {
        assertArrayEquals(alone[t], same[t]);
        assertTrue(!Arrays.equals(alone[t], once[t]) && !Arrays.equals(once[t], more[t]));
      }
    }
  }

  /** Many sequences of several adapters and of none share steps; each answers as if alone. */
  @Test
  void mixedBatchesEqualEachAlone() throws InterruptedException {
    ReferenceAdapter poet = ReferenceAdapter.of("poet");
    List<Optional<String>> who =
        List.of(
            Optional.of("poet"),
            Optional.empty(),
            Optional.of("clerk"),
            Optional.of("clerk"),
            Optional.empty(),
            Optional.of("poet"));
    try (LoadedModel model = loadAll()) {
      List<int[]> prompts = new ArrayList<>();
      List<int[]> expected = new ArrayList<>();
      for (int i = 0; i < who.size(); i++) {
        int[] ids = poet.prompt("p64").ids();
        prompts.add(Arrays.copyOfRange(ids, i, Math.min(ids.length, i + 3 + 5 * i)));
        LoadedModel own = who.get(i).map(model::with).orElse(model);
        expected.add(Models.greedy(own, prompts.get(i), tokens()));
      }
      List<Generation> running = new ArrayList<>();
      for (int i = 0; i < who.size(); i++) {
        running.add(model.submit(request(prompts.get(i), who.get(i), tokens())));
      }
      for (int i = 0; i < who.size(); i++) {
        assertArrayEquals(expected.get(i), Models.ids(running.get(i)), who.get(i) + ", " + i);
      }
    }
  }

  @Test
  void logitsDoNotDependOnTheAdaptersOfNeighbours() throws InterruptedException {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    int[] ids = ReferenceAdapter.of("poet").prompt("p64").ids();
    try (LoadedModel model = loadAll()) {
      for (Optional<String> own : List.of(Optional.<String>empty(), Optional.of("clerk"))) {
        LoadedModel asked = own.map(model::with).orElse(model);
        float[][] alone = Models.logits(asked, ids);
        List<Generation> others = new ArrayList<>();
        for (String name : List.of("poet", "clerk", "poet")) {
          others.add(model.submit(request(Arrays.copyOf(ids, 9), Optional.of(name), 60)));
        }
        assertRows(alone, Models.logits(asked, ids));
        others.forEach(Generation::close);
      }
    }
  }

  /** Equal ids under another adapter have other keys and values. */
  @Test
  void prefixesOfOtherAdaptersAreNotReused() throws InterruptedException {
    int[] ids = ReferenceAdapter.of("poet").prompt("p64").ids();
    assumeTrue(ids.length <= longestPrompt(), "SKIPPED: the prompt is too long for this device");
    try (LoadedModel model = loadAll()) {
      assertEquals(0, cached(model, ids, Optional.empty()));
      assertEquals(0, cached(model, ids, Optional.of("poet")));
      assertEquals(0, cached(model, ids, Optional.of("clerk")));
      assertEquals(32, cached(model, ids, Optional.of("poet")));
      assertEquals(32, cached(model, ids, Optional.empty()));
    }
  }

  @Test
  void anUnknownAdapterIsAnErrorWithTheNamesThatThereAre() throws InterruptedException {
    try (LoadedModel model = loadAll()) {
      var error = assertThrows(SoleboxException.class, () -> model.with("cook"));
      assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
      assertTrue(error.remedy().contains("poet, clerk"), error.remedy());
      assertEquals(
          ReferenceAdapter.OF_ONE_MODEL, model.adapters().stream().map(a -> a.name()).toList());
    }
  }

  private static int cached(LoadedModel model, int[] ids, Optional<String> adapter)
      throws InterruptedException {
    try (Generation generation = model.submit(request(ids, adapter, 1))) {
      while (true) {
        if (generation.next() instanceof Generation.End(var _, var usage)) {
          return usage.cachedTokens();
        }
      }
    }
  }

  private static GenerationRequest request(int[] prompt, Optional<String> adapter, int tokens) {
    var params =
        SamplingParams.builder()
            .maxTokens(tokens)
            .temperature(0)
            .ignoreEndOfGeneration(true)
            .build();
    GenerationRequest request = GenerationRequest.of(prompt, params);
    return adapter.map(request::withAdapter).orElse(request);
  }

  private static void assertRows(float[][] expected, float[][] actual) {
    for (int t = 0; t < expected.length; t++) {
      assertArrayEquals(expected[t], actual[t], "position " + t);
    }
  }
}
