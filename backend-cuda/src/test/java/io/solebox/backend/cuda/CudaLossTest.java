package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.TensorSplit;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.testkit.Models;
import io.solebox.testkit.ReferenceModel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on two cards, of which one is lost. */
class CudaLossTest {
  private static final String MODEL = "model";
  private static final int[] PROMPT = {1, 2, 3};
  private static final int ILLEGAL_ADDRESS = 700;
  private static final LoadOptions OPTIONS = LoadOptions.defaults().withContext(64).withParallel(1);

  @TempDir Path scratch;
  private Path model;

  @BeforeEach
  void unpack() {
    model = ReferenceModel.bundled("qwen3", scratch).gguf();
  }

  /** A host with its engine, on two cards of which each has so much memory for models. */
  private final class Rig implements AutoCloseable {
    final FakeDriver driver = new FakeDriver(FakeGpu.ampere(), FakeGpu.ampere());
    final Engine engine;
    final ModelHost host;

    Rig(long bytesOfEach) {
      this(bytesOfEach, 0, 1);
    }

    Rig(long bytesOfEach, Integer... ordinals) {
      this(bytesOfEach, cards -> LayerSplit.of(cards, List.of()), ordinals);
    }

    /** Every layer over both. */
    Rig() {
      this(Long.MAX_VALUE, cards -> TensorSplit.of(cards, CudaLossTest::team), 0, 1);
    }

    private Rig(
        long bytesOfEach, Function<List<OpenDevice>, Placement.Policy> split, Integer... ordinals) {
      List<OpenDevice> cards =
          Stream.of(ordinals)
              .map(
                  i ->
                      new OpenDevice(
                          "cuda:" + i,
                          FakeProviders.open(driver, i),
                          new MemoryLedger("cuda:" + i, bytesOfEach)))
              .toList();
      engine = Engine.of("two cards", cards, split.apply(cards));
      Catalog catalog = Catalog.of(List.of(new Catalog.Offer(MODEL, model, OPTIONS)));
      host = new ModelHost(engine, catalog, LoadGate.OPEN, new LoadWatcher() {});
    }

    Lease lease() throws InterruptedException {
      return host.use(MODEL, Progress.none());
    }

    @Override
    public void close() {
      host.close();
      engine.close();
      driver.close();
    }
  }

  private static Teaming team(List<Backend> members) {
    return new CudaBackendProvider().team(members);
  }

  private static int[] answer(Lease lease) throws InterruptedException {
    return Models.greedy(lease.model(), PROMPT, 3);
  }

  private static SoleboxException failure(Lease lease) {
    return assertThrows(SoleboxException.class, () -> answer(lease));
  }

  private static List<String> devices(LoadedModel model) {
    return model.memory().stream().map(holding -> holding.ledger().device()).toList();
  }

  @Test
  void theModelComesBackOnTheCardThatRemainsAndSaysSo() throws InterruptedException {
    try (var rig = new Rig(Long.MAX_VALUE)) {
      int[] expected;
      try (Lease lease = rig.lease()) {
        assertTrue(devices(lease.model()).containsAll(List.of("cuda:0", "cuda:1")));
        expected = answer(lease);
        rig.driver.unplug(1);
        SoleboxException error = failure(lease);
        assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
        assertEquals("cuda:1", error.place());
        assertEquals(ErrorCode.DEVICE_UNAVAILABLE, failure(lease).code(), "it has ended");
      }
      try (Lease again = rig.lease()) {
        String notes = String.join("\n", again.model().notes());
        assertTrue(notes.contains("cuda:1 is lost, and left out"), notes);
        assertTrue(devices(again.model()).contains("cuda:0"));
        assertArrayEquals(expected, answer(again));
        assertEquals(0, rig.engine.freeBytes().get("cuda:1"));
      }
    }
  }

  @Test
  void whatACardOfATeamHadIsOnTheOtherAtTheNextLoad() throws InterruptedException {
    for (int lost = 0; lost < 2; lost++) {
      try (var rig = new Rig()) {
        int[] expected;
        try (Lease lease = rig.lease()) {
          assertTrue(devices(lease.model()).containsAll(List.of("cuda:0", "cuda:1")));
          expected = answer(lease);
          rig.driver.unplug(lost);
          assertEquals(ErrorCode.DEVICE_UNAVAILABLE, failure(lease).code());
          assertEquals(ErrorCode.DEVICE_UNAVAILABLE, failure(lease).code(), "it has ended");
        }
        try (Lease again = rig.lease()) {
          String notes = String.join("\n", again.model().notes());
          assertTrue(notes.contains("cuda:" + lost + " is lost, and left out"), notes);
          assertArrayEquals(expected, answer(again));
        }
      }
    }
  }

  @Test
  void whereTheModelDoesNotFitOnTheOtherItIsRefusedWithTheNumbers() throws InterruptedException {
    long each;
    try (var rig = new Rig(Long.MAX_VALUE)) {
      var estimate = rig.engine.estimate(model, OPTIONS);
      each = estimate.devices().stream().mapToLong(d -> d.least().total()).max().getAsLong();
    }
    try (var rig = new Rig(each)) {
      try (Lease lease = rig.lease()) {
        rig.driver.unplug(0);
        assertEquals("cuda:0", failure(lease).place());
      }
      SoleboxException error = assertThrows(SoleboxException.class, rig::lease);
      assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
      assertEquals("cuda:1", error.place());
      rig.driver.plug(0);
      try (Lease again = rig.lease()) {
        assertTrue(devices(again.model()).contains("cuda:0"), "it is there again");
      }
    }
  }

  @Test
  void theOnlyCardIsAskedAgainAtTheNextLoad() throws InterruptedException {
    try (var rig = new Rig(Long.MAX_VALUE, 0)) {
      int[] expected;
      try (Lease lease = rig.lease()) {
        expected = answer(lease);
        rig.driver.unplug(0);
        assertEquals("cuda:0", failure(lease).place());
      }
      for (int i = 0; i < 2; i++) {
        SoleboxException error = assertThrows(SoleboxException.class, rig::lease);
        assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
      }
      rig.driver.plug(0);
      try (Lease again = rig.lease()) {
        assertArrayEquals(expected, answer(again));
      }
    }
  }

  @Test
  void aContextThatIsLostComesBackWhereItWas() throws InterruptedException {
    try (var rig = new Rig(Long.MAX_VALUE);
        Lease lease = rig.lease()) {
      int[] expected = answer(lease);
      rig.driver.failNext("cuStreamSynchronize", ILLEGAL_ADDRESS);
      assertEquals(ErrorCode.DEVICE_UNAVAILABLE, failure(lease).code());
      assertArrayEquals(expected, answer(lease));
      assertInstanceOf(ModelState.Ready.class, rig.host.state(MODEL));
    }
  }
}
