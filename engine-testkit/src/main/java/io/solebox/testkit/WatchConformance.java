package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.WatchedModel;
import io.solebox.engine.backend.InputSquares;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What matrices are multiplied with, against what llama.cpp finds in the same models over the same
 * texts ({@code engine-testkit/src/test/inputs}). Every backend that watches subclasses this.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class WatchConformance {
  private static final String ENDING = ".imatrix.gguf";
  private static final List<String> PROMPTS = List.of("p64", "p300");

  /** Of the largest sum of a matrix: that of logits in f32. */
  private static final double BOUND = 1e-3;

  @TempDir Path scratch;

  private Engine engine;

  /** As in {@code --device}. */
  protected abstract String device();

  @BeforeAll
  void open() {
    engine = Engine.open(device(), 2);
  }

  @AfterAll
  void close() {
    engine.close();
  }

  static Stream<String> models() {
    return TestData.inputs().filter(Files::isDirectory).map(TestData::namesIn).stream()
        .flatMap(List::stream)
        .filter(name -> name.endsWith(ENDING))
        .map(name -> name.substring(0, name.length() - ENDING.length()));
  }

  /** Sums and counts of one matrix. */
  private record Found(float[] sums, long[] counts) {
    static Found of(InputSquares squares) {
      return new Found(squares.sums(), squares.counts());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void sumsAreThoseOfTheReference(String name) {
    Map<String, Found> expected = reference(name);
    Map<String, Found> found = read(name, LoadOptions.DEFAULT_STEP_TOKENS, PROMPTS);
    var ofLayers = new TreeSet<>(found.keySet());
    ofLayers.removeIf(weight -> !weight.startsWith("blk."));
    assertEquals(new TreeSet<>(expected.keySet()), ofLayers);
    expected.forEach((weight, truth) -> assertAlike(weight, truth, found.get(weight)));
  }

  private static void assertAlike(String weight, Found truth, Found found) {
    assertArrayEquals(truth.counts(), found.counts(), weight);
    assertEquals(truth.sums().length, found.sums().length, weight);
    int cols = truth.sums().length / truth.counts().length;
    for (int from = 0; from < truth.sums().length; from += cols) {
      double largest = 0;
      for (int i = from; i < from + cols; i++) {
        largest = Math.max(largest, truth.sums()[i]);
      }
      for (int i = from; i < from + cols; i++) {
        assertEquals(truth.sums()[i], found.sums()[i], BOUND * largest, weight + ", sum " + i);
      }
    }
  }

  /** Nothing of a text that was read before is taken for read, and steps leave no trace. */
  @Test
  void everyTextCountsWholeHoweverItIsCut() {
    String name = models().filter("qwen2moe"::equals).findFirst().orElseGet(() -> abort(absent()));
    Map<String, Found> once = read(name, LoadOptions.DEFAULT_STEP_TOKENS, List.of("p300"));
    Map<String, Found> twice = read(name, 70, List.of("p300", "p300"));
    once.forEach(
        (weight, first) -> {
          Found both = twice.get(weight);
          for (int i = 0; i < first.counts().length; i++) {
            assertEquals(2 * first.counts()[i], both.counts()[i], weight);
          }
          for (int i = 0; i < first.sums().length; i++) {
            double sum = 2.0 * first.sums()[i];
            assertEquals(sum, both.sums()[i], 1e-5 * sum, weight + ", sum " + i);
          }
        });
  }

  @Test
  void aTextThatIsLongerThanTheContextIsRefused() {
    String name = models().findFirst().orElseGet(() -> abort(absent()));
    try (WatchedModel model = load(name, 512)) {
      var error = assertThrows(SoleboxException.class, () -> model.read(new int[513]));
      assertEquals(ErrorCode.CONTEXT_LENGTH_EXCEEDED, error.code());
      assertTrue(error.getMessage().contains("513"), error.getMessage());
    }
  }

  private static String absent() {
    return "SKIPPED: engine-testkit/src/test/inputs is not here";
  }

  private WatchedModel load(String name, int stepTokens) {
    Path file = ReferenceModel.bundled(name, scratch).gguf();
    LoadOptions options =
        LoadOptions.defaults().withContext(512).withKvType(KvType.F32).withStepTokens(stepTokens);
    try (LoadableModel model = engine.examine(file, options)) {
      return model.watch(Progress.none());
    }
  }

  private Map<String, Found> read(String name, int stepTokens, List<String> prompts) {
    var all = ReferenceModel.bundled(name, scratch).prompts();
    try (WatchedModel model = load(name, stepTokens)) {
      for (String prompt : prompts) {
        int[] ids =
            all.stream().filter(p -> p.name().equals(prompt)).findFirst().orElseThrow().ids();
        model.read(Arrays.copyOf(ids, ids.length));
      }
      var found = new TreeMap<String, Found>();
      for (InputSquares squares : model.inputSquares()) {
        squares.weights().forEach(weight -> found.put(weight, Found.of(squares)));
      }
      return found;
    }
  }

  private static Map<String, Found> reference(String name) {
    Path file = TestData.inputs().orElseThrow().resolve(name + ENDING);
    var found = new TreeMap<String, Found>();
    try (GgufSource source = GgufSource.openImportance(file, Access.COPIED)) {
      for (TensorInfo sums : source.tensors()) {
        if (sums.name().endsWith(".in_sum2")) {
          String weight = sums.name().replaceFirst("\\.in_sum2$", "");
          float[] counts = floats(source.data(source.tensor(weight + ".counts").orElseThrow()));
          long[] whole = new long[counts.length];
          Arrays.setAll(whole, i -> (long) counts[i]);
          found.put(weight, new Found(floats(source.data(sums)), whole));
        }
      }
    }
    return found;
  }

  private static float[] floats(MemorySegment data) {
    return data.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
