package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.DeviceWish;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.Split;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.SequenceRoom;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which layers several devices get, and what is said of it. */
class LayerSplitTest {
  private static final long PLENTY = 1L << 30;
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(96).withParallel(2).withKvType(KvType.F32);
  private static final Limits LIMITS =
      new Limits(96, 32, 2, 4, 96, KvType.F32, Activations.AUTO, Long.MAX_VALUE);

  @TempDir Path scratch;
  private final Arena arena = Arena.ofShared();
  private final List<OpenDevice> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(OpenDevice::close);
    arena.close();
  }

  /** Layers of one size, and a head that is much smaller. */
  private Graph graph(int layers) {
    return TinyTransformer.graph(new TinyTransformer.Sizes(64, layers, 256, 8, 2, 32, 512), arena);
  }

  /** A device that says how fast its memory is. */
  private OpenDevice card(long bytes, OptionalDouble bandwidth) {
    Backend reference = Backends.open("reference", 1);
    var backend =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (_, method, arguments) ->
                    method.getName().equals("nominalBandwidth")
                        ? bandwidth
                        : method.invoke(reference, arguments));
    String name = "gpu:" + opened.size();
    var device = new OpenDevice(name, backend, new MemoryLedger(name, bytes));
    opened.add(device);
    return device;
  }

  private OpenDevice card(long bytes, double bandwidth) {
    return card(bytes, OptionalDouble.of(bandwidth));
  }

  private static List<Integer> layers(Placement placement) {
    return placement.stages().stream().map(s -> s.graph().boundaries().size()).toList();
  }

  private List<Integer> layers(int all, OpenDevice... devices) {
    return layers(LayerSplit.of(List.of(devices), List.of()).place(graph(all), LIMITS));
  }

  /** What layers {@code from} to {@code to}, exclusive, take. */
  private long bytes(int all, int from, int to) {
    OpenDevice large = card(PLENTY, 1);
    var slices =
        List.of(
            new Placement.Slice(large, from),
            new Placement.Slice(large, to - from),
            new Placement.Slice(large, all - to));
    Placement cut = Placement.cut(graph(all), slices);
    Graph own = cut.stages().get(from == 0 ? 0 : 1).graph();
    Estimate estimate = large.backend().estimate(own, LIMITS);
    return KvPools.use(own.groups(), estimate, LIMITS, SequenceRoom.wished(LIMITS)).total();
  }

  @Test
  void layersAreAsTheSpeedOfMemories() {
    assertEquals(List.of(4, 4), layers(8, card(PLENTY, 900e9), card(PLENTY, 900e9)));
    assertEquals(List.of(9, 3), layers(12, card(PLENTY, 900e9), card(PLENTY, 300e9)));
    assertEquals(
        List.of(2, 2, 2, 2),
        layers(8, card(PLENTY, 1), card(PLENTY, 1), card(PLENTY, 1), card(PLENTY, 1)));
  }

  @Test
  void whereOneSpeedIsNotKnownItIsTheFreeMemory() {
    OpenDevice silent = card(PLENTY, OptionalDouble.empty());
    assertEquals(List.of(6, 2), layers(8, card(3 * PLENTY, 1), silent));
  }

  @Test
  void whatDoesNotFitOnTheFasterCardIsOnTheOther() {
    long small = bytes(8, 0, 3);
    assertEquals(List.of(3, 5), layers(8, card(small, 900e9), card(PLENTY, 100e9)));
    assertEquals(List.of(2, 6), layers(8, card(small - 1, 900e9), card(PLENTY, 100e9)));
  }

  @Test
  void sharesAreTakenAsTheyAre() {
    List<OpenDevice> three = List.of(card(PLENTY, 1), card(PLENTY, 9), card(PLENTY, 9));
    Placement placement = LayerSplit.of(three, List.of(2, 1, 1)).place(graph(8), LIMITS);
    assertEquals(List.of(4, 2, 2), layers(placement));
    assertTrue(placement.remarks().toString().contains("--shares"), "" + placement.remarks());
  }

  @Test
  void theCpuMayHaveTheFirstLayers() {
    OpenDevice first = card(PLENTY, OptionalDouble.empty());
    List<OpenDevice> two = List.of(card(PLENTY, 1), card(PLENTY, 1));
    LayerSplit split = LayerSplit.of(two, List.of()).behind(first, 4);
    assertEquals(List.of(4, 2, 2), layers(split.place(graph(8), LIMITS)));
    assertEquals(List.of(2, 1), layers(split.place(graph(3), LIMITS)), "all are on the cards");
  }

  @Test
  void whatThisMachineDoesNotHaveIsRefusedWithWhatThereIs() {
    DeviceWish two = DeviceWish.of("reference:0,1", 1);
    var refusal = assertThrows(SoleboxException.class, () -> Engine.open(two));
    assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
    assertTrue(refusal.getMessage().contains("no device 1 that can be used; there are: 0"));
    DeviceWish all = DeviceWish.of("reference:all", 1);
    Engine.open(all).close(); // all of one
    assertThrows(SoleboxException.class, () -> Engine.open(all.withSplit(Split.LAYERS)));
    assertThrows(SoleboxException.class, () -> Engine.open(all.withShares(List.of(2, 1))));
  }

  @Test
  void moreCardsThanLayersAreRefusedWithHowManyAreEnough() {
    var four = List.of(card(PLENTY, 1), card(PLENTY, 1), card(PLENTY, 1), card(PLENTY, 1));
    LayerSplit split = LayerSplit.of(four, List.of());
    var refusal = assertThrows(SoleboxException.class, () -> split.place(graph(3), LIMITS));
    assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
    assertTrue(refusal.getMessage().contains("3 parts"), refusal.getMessage());
    assertTrue(refusal.remedy().contains("gpu:0 and gpu:1 and gpu:2"), refusal.remedy());
  }

  @Test
  void aShareThatDoesNotFitIsRefusedWithTheNumbersAndWhatFits() {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf(); // three layers
    long most;
    List<OpenDevice> large = List.of(card(PLENTY, 1), card(PLENTY, 1));
    try (Engine engine = Engine.of("", large, LayerSplit.of(large, List.of(2, 1)))) {
      most = engine.estimate(model, OPTIONS).devices().getFirst().least().total();
    }
    List<OpenDevice> cards = List.of(card(most - 1, 1), card(PLENTY, 1));
    try (Engine engine = Engine.of("", cards, LayerSplit.of(cards, List.of(2, 1)))) {
      var refusal =
          assertThrows(SoleboxException.class, () -> engine.load(model, OPTIONS, Progress.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
      assertEquals(cards.getFirst().name(), refusal.place());
      var fits = Pattern.compile("--shares (\\d,\\d)").matcher(refusal.remedy());
      assertTrue(fits.find(), refusal.remedy());
      assertEquals("1,2", fits.group(1));
    }
  }

  @Test
  void whereNotAllLayersFitTheCpuCouldHaveSome() {
    long three = bytes(8, 5, 8);
    List<OpenDevice> cards = List.of(card(three, 1), card(three, 1));
    LayerSplit split = LayerSplit.of(cards, List.of());
    String advice = split.place(graph(8), LIMITS).advice().get();
    var found = Pattern.compile("--gpu-layers ([5-7])\\.$").matcher(advice);
    assertTrue(found.find(), advice);
    int fits = Integer.parseInt(found.group(1));
    OpenDevice host = card(PLENTY, 1);
    for (int n = fits; n < 8; n++) {
      Placement placement = split.behind(host, n).place(graph(8), LIMITS);
      int from = 8 - n;
      boolean fit = true;
      for (Placement.Stage stage : placement.stages().subList(1, 3)) {
        int to = from + stage.graph().boundaries().size();
        fit &= bytes(8, from, to) <= three;
        from = to;
      }
      assertEquals(n == fits, fit, n + " layers");
    }
  }

  @Test
  void whatEachHasIsTold() throws InterruptedException {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    List<OpenDevice> cards = List.of(card(PLENTY, 1), card(PLENTY, 1));
    try (Engine engine = Engine.of("", cards, LayerSplit.of(cards, List.of(2, 1)));
        LoadedModel loaded = engine.load(model, OPTIONS.withMapped(false), Progress.none())) {
      assertTrue(loaded.device().startsWith("layers 0 to 1 on gpu:0 ("), loaded.device());
      assertTrue(loaded.device().contains("), layer 2 on gpu:1 ("), loaded.device());
      String notes = String.join("\n", loaded.notes());
      assertTrue(notes.contains("gpu:0 has layers 0 to 1: weights "), notes);
      assertTrue(notes.contains("A token goes from one to the next"), notes);
      assertEquals(4, Models.greedy(loaded, new int[] {1, 2, 3}, 4).length);
    }
  }
}
