package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.Placement.Form;
import io.solebox.engine.api.SplitChoice;
import io.solebox.engine.api.TensorSplit;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.backend.reference.ReferenceBackendProvider;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When layers are split, over which devices, and what is said of it. */
class TensorSplitTest {
  private static final long PLENTY = 1L << 30;
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(96).withParallel(2).withKvType(KvType.F32);
  private static final Limits LIMITS =
      new Limits(96, 32, 2, 4, 96, KvType.F32, Activations.AUTO, Long.MAX_VALUE);
  private static final LinkFigures FAST = new LinkFigures(50e9, 1e-9, LinkFigures.Origin.MEASURED);
  private static final LinkFigures SLOW = new LinkFigures(1e9, 1e-3, LinkFigures.Origin.SAID);

  @TempDir Path scratch;
  private final Arena arena = Arena.ofShared();
  private final List<Card> cards = new ArrayList<>();

  @AfterEach
  void close() {
    arena.close();
  }

  /** The reference, behind the memory of a card that can be lost. */
  private static final class Card {
    private final OpenDevice device;
    private boolean lost;

    Card(String name, long bytes, OptionalDouble bandwidth) {
      Backend reference = Backends.open("reference", 1);
      var backend =
          (Backend)
              Proxy.newProxyInstance(
                  Backend.class.getClassLoader(),
                  new Class<?>[] {Backend.class},
                  (_, method, arguments) ->
                      switch (method.getName()) {
                        case "nominalBandwidth" -> bandwidth;
                        case "freeBytes" -> free();
                        default -> method.invoke(reference, arguments);
                      });
      device = new OpenDevice(name, backend, new MemoryLedger(name, bytes));
    }

    private OptionalLong free() {
      if (lost) {
        throw new SoleboxException(
            ErrorCode.DEVICE_UNAVAILABLE, "gpu", "It fell off the bus.", "Seat it again.");
      }
      return OptionalLong.empty();
    }
  }

  private List<OpenDevice> cards(int count, long bytes, OptionalDouble bandwidth) {
    for (int i = 0; i < count; i++) {
      cards.add(new Card("gpu:" + cards.size(), bytes, bandwidth));
    }
    return cards.stream().map(card -> card.device).toList();
  }

  private List<OpenDevice> cards(int count) {
    return cards(count, PLENTY, OptionalDouble.of(900e9));
  }

  private Graph graph() {
    return TinyTransformer.graph(new TinyTransformer.Sizes(64, 4, 256, 8, 4, 128, 1024), arena);
  }

  /** The reference's, over such a link. */
  private static Teaming together(List<Backend> members, Optional<LinkFigures> link) {
    Team team =
        switch (new ReferenceBackendProvider().team(members)) {
          case Teaming.Together(Team its) -> its;
          case Teaming.Apart _ -> throw new AssertionError();
        };
    return new Teaming.Together(
        new Team() {
          @Override
          public String describe() {
            return "in a test";
          }

          @Override
          public Optional<LinkFigures> slowestLink() {
            return link;
          }

          @Override
          public Plan prepare(List<Share> shares, Progress progress) {
            return team.prepare(shares, progress);
          }
        });
  }

  private static Placement.Policy tensor(List<OpenDevice> devices) {
    return TensorSplit.of(devices, members -> together(members, Optional.empty()));
  }

  private Placement chosen(List<OpenDevice> devices, Optional<LinkFigures> link) {
    return SplitChoice.of(devices, members -> together(members, link)).place(graph(), LIMITS);
  }

  private static boolean isTensor(Placement placement) {
    return switch (placement.form()) {
      case Form.Ranks _ -> true;
      case Form.Layers _ -> false;
    };
  }

  private static void assertSays(String words, Placement placement) {
    String remarks = String.join("\n", placement.remarks());
    assertTrue(remarks.contains(words), remarks);
  }

  @Test
  void whatEachHasIsTold() throws InterruptedException {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    List<OpenDevice> two = cards(2);
    try (Engine engine = Engine.of("", two, tensor(two));
        LoadedModel loaded = engine.load(model, OPTIONS, Progress.none())) {
      assertTrue(
          loaded.device().startsWith("part 1 of 2 of every layer on gpu:0 ("), loaded.device());
      String notes = String.join("\n", loaded.notes());
      assertTrue(notes.contains("Every layer is split over 2 devices"), notes);
      assertTrue(notes.contains("gpu:1 has part 2 of 2 of every layer: weights "), notes);
      assertEquals(4, Models.greedy(loaded, new int[] {1, 2, 3}, 4).length);
    }
  }

  @Test
  void unequalCardsAreToldToWaitForTheSlowest() {
    cards(1, PLENTY, OptionalDouble.of(900e9));
    List<OpenDevice> two = cards(1, PLENTY, OptionalDouble.of(300e9));
    assertSays("sets the pace", tensor(two).place(graph(), LIMITS));
  }

  @Test
  void aLostCardIsLeftOutAndTheOthersHaveItAll() {
    List<OpenDevice> three = cards(3);
    cards.get(1).lost = true;
    Placement two = tensor(three).place(graph(), LIMITS);
    assertTrue(isTensor(two));
    assertEquals(
        List.of(three.get(0), three.get(2)),
        two.stages().stream().map(Placement.Stage::device).toList());
    assertSays("gpu:1 is lost, and left out", two);
    cards.get(2).lost = true;
    assertEquals(1, tensor(three).place(graph(), LIMITS).stages().size());
    cards.get(0).lost = true;
    assertThrows(SoleboxException.class, () -> tensor(three).place(graph(), LIMITS));
  }

  /** 8 heads are not for 3. */
  @Test
  void whereTheRestCannotHavePartsOfLayersItHasLayers() {
    List<OpenDevice> four = cards(4);
    assertTrue(isTensor(tensor(four).place(graph(), LIMITS)));
    cards.get(3).lost = true;
    Placement three = tensor(four).place(graph(), LIMITS);
    assertTrue(!isTensor(three));
    assertEquals(3, three.stages().size());
    assertSays("What remains has the model by layers. 8 query heads", three);
  }

  @Test
  void devicesThatCannotComputeTogetherAreRefusedWithTheReason() {
    List<OpenDevice> two = cards(2);
    var split = TensorSplit.of(two, _ -> new Teaming.Apart("They are strangers.", "Use one."));
    var refusal = assertThrows(SoleboxException.class, () -> split.place(graph(), LIMITS));
    assertEquals("They are strangers.", refusal.getMessage());
    assertEquals("Use one.", refusal.remedy());
    assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheNumbers() {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    List<OpenDevice> two = cards(2, 100_000, OptionalDouble.empty());
    try (Engine engine = Engine.of("", two, tensor(two))) {
      var refusal =
          assertThrows(SoleboxException.class, () -> engine.load(model, OPTIONS, Progress.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
      assertTrue(refusal.place().startsWith("gpu:"), refusal.place());
    }
  }

  /** Of three layers one fits on the small card, and half of all do not. */
  @Test
  void whereEqualPartsDoNotFitLayersMay() {
    Path model = ReferenceModel.bundled("llama3-rope", scratch).gguf();
    long half;
    List<OpenDevice> large = cards(2);
    try (Engine engine = Engine.of("", large, tensor(large))) {
      half = engine.estimate(model, OPTIONS).devices().getLast().least().total();
    }
    cards.clear();
    cards(1);
    List<OpenDevice> unequal = cards(1, half - 1, OptionalDouble.of(900e9));
    try (Engine engine = Engine.of("", unequal, tensor(unequal))) {
      var refusal =
          assertThrows(SoleboxException.class, () -> engine.load(model, OPTIONS, Progress.none()));
      assertEquals("gpu:1", refusal.place());
      assertTrue(refusal.remedy().contains("It fits with --split layers."), refusal.remedy());
    }
    try (Engine engine = Engine.of("", unequal, LayerSplit.of(unequal, List.of()))) {
      engine.load(model, OPTIONS, Progress.none()).close();
    }
  }

  @Test
  void theChoiceIsByWhatATokenIsExpectedToTake() {
    Placement fast = chosen(cards(2), Optional.of(FAST));
    assertTrue(isTensor(fast), "" + fast.remarks());
    assertSays("links were measured to give 50.0 GB/s", fast);
    Placement slow = chosen(cards(0), Optional.of(SLOW));
    assertTrue(!isTensor(slow));
    assertSays("links are said to give 1.0 GB/s", slow);
  }

  @Test
  void whereNobodyCanTellItIsByLayers() {
    Placement unmeasured = chosen(cards(2), Optional.empty());
    assertTrue(!isTensor(unmeasured));
    assertSays("nobody says how fast the links between the devices are", unmeasured);
    cards.clear();
    Placement silent = chosen(cards(2, PLENTY, OptionalDouble.empty()), Optional.of(FAST));
    assertSays("nobody says how fast the memory of all is", silent);
    cards.clear();
    Placement three = chosen(cards(3), Optional.of(FAST));
    assertTrue(!isTensor(three));
    assertSays("Not split inside the layers: 8 query heads", three);
  }

  @Test
  void aRankAloneIsRefused() {
    List<OpenDevice> two = cards(2);
    Placement placement = tensor(two).place(graph(), LIMITS);
    Placement.Stage rank = placement.stages().getFirst();
    assertSame(two.getFirst(), rank.device());
    Backend reference = Backends.open("reference", 1);
    Limits limits = LIMITS.withMemoryBudget(PLENTY);
    assertThrows(
        SoleboxException.class, () -> reference.prepare(rank.graph(), limits, Progress.none()));
  }
}
