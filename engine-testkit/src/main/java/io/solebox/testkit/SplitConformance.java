package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.api.DeviceWish;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models whose layers are on several equal devices: what they say is, to the bit, what one device
 * says, whatever the cut.
 */
public abstract class SplitConformance {
  private static final int[] PROMPT =
      IntStream.range(0, 20).map(i -> (37 * i + 11) % 200).toArray();
  private static final int ANSWER = 3;

  @TempDir Path scratch;

  /** A backend with four devices or more. */
  protected abstract String backend();

  /**
   * A model on the first {@code devices} of the backend.
   *
   * @param shares of the layers; none where they are to be found out
   */
  record Case(Weights weights, int devices, List<Integer> shares) {
    String device(String backend) {
      return backend
          + ":"
          + String.join(
              ",", Stream.iterate(0, i -> i + 1).limit(devices).map(i -> "" + i).toList());
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
            new Case(Weights.of("qwen3", "f32"), 2, List.of()),
            new Case(Weights.of("gemma3", "f16"), 2, List.of(1, 6)), // windows of their own
            new Case(Weights.of("gemma3", "f16"), 4, List.of()),
            new Case(new Weights("quant-e2e", "llama256", "Q4_K_M"), 2, List.of()))
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
    LoadOptions options =
        LoadOptions.defaults().withContext(64).withParallel(2).withKvType(KvType.F16);
    try (Engine engine = Engine.open(wish);
        LoadedModel loaded = engine.load(model, options, Progress.none())) {
      assertEquals(
          devices, loaded.memory().stream().filter(h -> h.use().weightBytes() > 0).count());
      return Said.of(loaded, PROMPT);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void severalDevicesSayWhatOneSays(Case its) throws InterruptedException {
    Path model = TestData.file(its.weights().path(), scratch);
    Said one = say(model, DeviceWish.of(backend() + ":0", 1), 1);
    DeviceWish split = DeviceWish.of(its.device(backend()), 1).withShares(its.shares());
    Said several = say(model, split, its.devices());
    several.assertSame(one);
    say(model, split, its.devices()).assertSame(several);
  }
}
