package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of which one device has the last layers, and another the rest. */
class PlacementTest {
  private static final long PLENTY = 1L << 30;
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(96).withParallel(4).withKvType(KvType.F32);

  @TempDir Path scratch;
  private ReferenceModel reference;

  @BeforeEach
  void unpack() {
    reference = ReferenceModel.bundled("qwen3", scratch);
  }

  /** A device that has kernels for these two alone. */
  private record FewFormats(Backend inner) implements Backend {
    @Override
    public String describe() {
      return inner.describe();
    }

    @Override
    public Set<TensorType> computes(Activations activations) {
      return EnumSet.of(TensorType.F32, TensorType.Q8_0);
    }

    @Override
    public Set<TensorType> embeds() {
      return computes(Activations.AUTO);
    }

    @Override
    public Estimate estimate(Graph graph, Limits limits) {
      return inner.estimate(graph, limits);
    }

    @Override
    public Plan prepare(Graph graph, Limits limits, Progress progress) {
      return inner.prepare(graph, limits, progress);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private static OpenDevice device(String name, long bytes) {
    return new OpenDevice(name, Backends.open("reference", 1), new MemoryLedger(name, bytes));
  }

  private static Engine split(long firstBytes, long lastBytes, int lastLayers) {
    OpenDevice first = device("cpu", firstBytes);
    OpenDevice last = device("gpu", lastBytes);
    return Engine.of(
        "two devices",
        List.of(first, last),
        LayerSplit.of(List.of(last), List.of()).behind(first, lastLayers));
  }

  private LoadedModel load(Engine engine) {
    return engine.load(reference.gguf(), OPTIONS, Progress.none());
  }

  private int layers() {
    try (ModelFile file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED)) {
      return file.graph().boundaries().size();
    }
  }

  @Test
  void anyNumberOfLayersGivesTheSame() throws InterruptedException {
    int[] ids = reference.prompts().get(1).ids();
    float[][] expected;
    int layers = layers();
    try (Engine engine = Engine.open("reference", 1);
        LoadedModel model = load(engine)) {
      expected = Models.logits(model, ids);
    }
    for (int n = 0; n <= layers + 1; n++) {
      try (Engine engine = split(PLENTY, PLENTY, n);
          LoadedModel model = load(engine)) {
        float[][] actual = Models.logits(model, ids);
        for (int t = 0; t < ids.length; t++) {
          assertArrayEquals(expected[t], actual[t], n + " layers, token " + t);
        }
        assertEquals(n == 0 || n >= layers ? 1 : 2, model.memory().size());
      }
    }
  }

  /** Layers with a window and without, and weights that one device takes in another format. */
  @Test
  void aStageInOtherFormatsHasTheBlocksOfTheWhole() throws InterruptedException {
    var windowed = ReferenceModel.of(Weights.of("gemma3", "f16"), scratch);
    var options = OPTIONS.withContext(128).withStepTokens(16);
    int[] ids = Arrays.copyOf(windowed.prompts().getLast().ids(), 100);
    float[][] expected;
    int layers;
    try (Engine engine = Engine.open("reference", 1);
        LoadedModel model = engine.load(windowed.gguf(), options, Progress.none());
        ModelFile file = ModelFile.open(windowed.gguf(), ModelSource.Access.MAPPED)) {
      expected = Models.logits(model, ids);
      layers = file.graph().boundaries().size();
      assertEquals(2, file.graph().groups().size());
    }
    for (int n = 1; n < layers; n++) {
      OpenDevice first = device("cpu", PLENTY);
      var few = new FewFormats(Backends.open("reference", 1));
      var last = new OpenDevice("gpu", few, new MemoryLedger("gpu", PLENTY));
      Placement.Policy policy = LayerSplit.of(List.of(last), List.of()).behind(first, n);
      try (Engine engine = Engine.of("two devices", List.of(first, last), policy);
          LoadedModel model = engine.load(windowed.gguf(), options, Progress.none())) {
        assertTrue(model.notes().toString().contains("F16"), model.notes().toString());
        float[][] actual = Models.logits(model, ids);
        for (int t = 0; t < ids.length; t++) {
          assertArrayEquals(expected[t], actual[t], n + " layers, token " + t);
        }
      }
    }
  }

  @Test
  void eachDeviceHasItsOwnBudget() {
    try (Engine engine = split(0, PLENTY, 1)) {
      var refusal = assertThrows(SoleboxException.class, () -> load(engine));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
      assertEquals("cpu", refusal.place());
      assertEquals(PLENTY, engine.memory().get(1).freeBytes(), "what was reserved is given back");
    }
  }

  @Test
  void allStagesHaveTheBlocksOfTheOneWithLeastRoom() throws InterruptedException {
    long least;
    try (Engine engine = split(PLENTY, PLENTY, 1)) {
      least = engine.estimate(reference.gguf(), OPTIONS).devices().get(1).least().total();
    }
    try (Engine engine = split(PLENTY, least, 1);
        LoadedModel model = load(engine)) {
      assertEquals(3, model.stats().totalBlocks());
      var first = model.memory().getFirst().use();
      var estimate = engine.estimate(reference.gguf(), OPTIONS).devices().getFirst();
      assertEquals(estimate.least().stateBytes(), first.stateBytes(), "no more than can be used");
      assertTrue(model.notes().toString().contains("96 tokens"), model.notes().toString());
      assertEquals(32, Models.greedy(model, reference.prompts().get(1).ids(), 32).length);
    }
  }

  @Test
  void aGpuThatIsTooSmallSaysHowManyLayersFit() {
    OpenDevice gpu = device("gpu", PLENTY);
    long least;
    try (Engine engine = Engine.of("", List.of(gpu), (graph, _) -> Placement.whole(graph, gpu))) {
      least = engine.estimate(reference.gguf(), OPTIONS).devices().getFirst().least().total();
    }
    OpenDevice small = device("gpu", least - 1);
    try (Engine engine =
        Engine.of("", List.of(small), (graph, _) -> Placement.whole(graph, small))) {
      var refusal = assertThrows(SoleboxException.class, () -> load(engine));
      assertTrue(refusal.remedy().contains("--context 64"), refusal.remedy());
      assertTrue(refusal.remedy().matches(".*--gpu-layers [1-9].*"), refusal.remedy());
    }
  }
}
