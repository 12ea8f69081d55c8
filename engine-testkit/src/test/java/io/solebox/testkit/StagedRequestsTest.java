package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.memory.MemoryLedger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many requests for a model whose layers are on several devices: parts of prompts and steps follow
 * one another through them, and each answer is what it is alone on one device.
 */
@Timeout(120)
class StagedRequestsTest {
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(400).withParallel(4).withKvType(KvType.F32);

  private record Wish(int[] prompt, SamplingParams sampling) {}

  @TempDir Path scratch;

  private static OpenDevice device(int number) {
    String name = "device " + number;
    return new OpenDevice(
        name, Backends.open("reference", 1), new MemoryLedger(name, Long.MAX_VALUE));
  }

  private static List<Wish> wishes(int vocabulary) {
    var random = new Random(1);
    return IntStream.range(0, 12)
        .mapToObj(
            i ->
                new Wish(
                    random.ints(i % 6 == 0 ? 300 : 1 + random.nextInt(60), 0, vocabulary).toArray(),
                    SamplingParams.builder()
                        .maxTokens(1 + random.nextInt(12))
                        .temperature(i % 2)
                        .seed(i)
                        .ignoreEndOfGeneration(true)
                        .build()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3-rope", "gemma3"})
  void eachAnswerIsWhatItIsAlone(String name) throws InterruptedException {
    Path model = ReferenceModel.bundled(name, scratch).gguf();
    var alone = new ArrayList<List<Integer>>();
    List<Wish> wishes;
    try (Engine engine = Engine.open("reference", 1);
        LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
      wishes = wishes(loaded.tokenizer().vocabSize());
      for (Wish wish : wishes) {
        alone.add(ids(loaded.submit(wish.prompt(), wish.sampling())));
      }
    }
    List<OpenDevice> devices = IntStream.range(0, 3).mapToObj(StagedRequestsTest::device).toList();
    try (Engine engine = Engine.of("three devices", devices, LayerSplit.of(devices, List.of()));
        LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
      var all = new ArrayList<Generation>();
      wishes.forEach(wish -> all.add(loaded.submit(wish.prompt(), wish.sampling())));
      for (int i = 0; i < all.size(); i++) {
        assertEquals(alone.get(i), ids(all.get(i)), "request " + i);
      }
    }
  }

  private static List<Integer> ids(Generation generation) throws InterruptedException {
    return Arrays.stream(Models.ids(generation)).boxed().toList();
  }
}
