package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.api.DeviceWish;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models whose layers are on several equal devices: what they say is, to the bit, what one device
 * says, whatever the cut.
 */
public abstract class SplitConformance {
  private static final int[] PROMPT =
      IntStream.range(0, 12).map(i -> (37 * i + 11) % 200).toArray();
  private static final int ANSWER = 2;
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(64).withParallel(2).withKvType(KvType.F16);

  @TempDir Path scratch;

  /** A backend with equal devices. */
  protected abstract String backend();

  private int found() {
    return Engine.devices().stream()
        .filter(found -> found.name().equals(backend()))
        .mapToInt(
            found ->
                switch (found.probe()) {
                  case Probe.Usable usable -> usable.devices().size();
                  case Probe.Unusable _ -> 0;
                })
        .sum();
  }

  /**
   * A model on the first {@code devices} of the backend.
   *
   * @param shares of the layers; none where they are to be found out
   * @param runs each of a load of its own
   */
  record Case(Weights weights, int devices, List<Integer> shares, int runs) {
    String device(String backend) {
      return backend
          + ":"
          + String.join(
              ",", Stream.iterate(0, i -> i + 1).limit(devices).map(i -> "" + i).toList());
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
            new Case(Weights.of("qwen3", "f32"), 2, List.of(), 2),
            new Case(Weights.of("gemma3", "f16"), 2, List.of(1, 6), 1), // windows of their own
            new Case(Weights.of("gemma3", "f16"), 4, List.of(), 2),
            new Case(new Weights("quant-e2e", "llama256", "Q4_K_M"), 2, List.of(), 1))
        .filter(each -> GoldenModels.all().containsKey(each.weights()));
  }

  private record Said(float[][] logits, int[] answer) {
    static Said of(LoadedModel model, int[] ids) throws InterruptedException {
      return new Said(Models.logits(model, ids), Models.greedy(model, ids, ANSWER));
    }

    void assertSame(Said other) {
      assertArrayEquals(logits, other.logits);
      assertArrayEquals(answer, other.answer);
    }
  }

  private static Said say(Path model, DeviceWish wish, int devices) throws InterruptedException {
    return say(model, Engine.open(wish), devices);
  }

  private static Said say(Path model, Engine opened, int devices) throws InterruptedException {
    try (Engine engine = opened;
        LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
      assertEquals(
          devices, loaded.memory().stream().filter(h -> h.use().weightBytes() > 0).count());
      return Said.of(loaded, PROMPT);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void severalDevicesSayWhatOneSays(Case its) throws InterruptedException {
    int found = found();
    assumeTrue(
        found >= its.devices(), "SKIPPED: needs " + its.devices() + " devices, there are " + found);
    Path model = TestData.file(its.weights().path(), scratch);
    Said one = say(model, DeviceWish.of(backend() + ":0", 1), 1);
    DeviceWish split = DeviceWish.of(its.device(backend()), 1).withShares(its.shares());
    for (int run = 0; run < its.runs(); run++) {
      say(model, split, its.devices()).assertSame(one);
    }
  }

  /** Steps of several requests are under way at once, each in another device. */
  @Test
  void severalRequestsAtOnceSayWhatEachSaysAlone() throws InterruptedException {
    int found = found();
    assumeTrue(found >= 2, "SKIPPED: needs 2 devices, there are " + found);
    Path model = TestData.file(Weights.of("qwen3", "f32").path(), scratch);
    List<int[]> prompts =
        IntStream.range(0, 3).mapToObj(i -> Arrays.copyOf(PROMPT, PROMPT.length - 3 * i)).toList();
    var alone = new ArrayList<int[]>();
    try (Engine engine = Engine.open(DeviceWish.of(backend() + ":0", 1));
        LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
      for (int[] prompt : prompts) {
        alone.add(Models.greedy(loaded, prompt, ANSWER));
      }
    }
    try (Engine engine = Engine.open(DeviceWish.of(backend() + ":0,1", 1));
        LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
      List<Generation> all =
          prompts.stream().map(prompt -> loaded.submit(prompt, Models.greedy(ANSWER))).toList();
      for (int i = 0; i < all.size(); i++) {
        assertArrayEquals(alone.get(i), Models.ids(all.get(i)), "request " + i);
      }
    }
  }

  /** What goes from stage to stage does so as between two devices; one is enough to show it. */
  @Test
  void twoStagesOnOneDeviceSayWhatOneSays() throws InterruptedException {
    Path model = TestData.file(Weights.of("qwen3", "f32").path(), scratch);
    Said one = say(model, DeviceWish.of(backend() + ":0", 1), 1);
    List<OpenDevice> twice =
        Stream.of("first", "second")
            .map(
                name ->
                    new OpenDevice(
                        name, Backends.open(backend(), 1), new MemoryLedger(name, Long.MAX_VALUE)))
            .toList();
    Engine both = Engine.of("one device twice", twice, LayerSplit.of(twice, List.of()));
    say(model, both, 2).assertSame(one);
  }
}
