package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.host.Prospect;
import io.solebox.engine.memory.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets loaded, who has to leave, and what everybody hears of it. */
@Timeout(60)
class ModelHostTest {
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(256).withParallel(1).withKvType(KvType.F32);

  @TempDir Path scratch;
  private Path file;
  private long each; // bytes of a model
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  private final LoadWatcher watcher =
      new LoadWatcher() {
        @Override
        public void ready(String name, LoadedModel model) {
          heard.add("+" + name);
        }

        @Override
        public void failed(String name, SoleboxException error) {
          heard.add("!" + name);
        }

        @Override
        public void unloaded(String name, String other) {
          heard.add("-" + name + " for " + other);
        }

        @Override
        public void expired(String name) {
          heard.add("-" + name + " idle");
        }

        @Override
        public void dismissed(String name) {
          heard.add("-" + name + " asked");
        }

        @Override
        public void abandoned(String name) {
          heard.add("~" + name);
        }
      };

  @BeforeEach
  void measure() {
    file = ReferenceModel.bundled("qwen3", scratch).gguf();
    each = engine(1L << 30).estimate(file, OPTIONS).wantedBytes();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable o : open.reversed()) {
      o.close();
    }
  }

  private Engine engine(long bytes) {
    var device =
        new OpenDevice("cpu", Backends.open("reference", 1), new MemoryLedger("cpu", bytes));
    Engine engine =
        Engine.of("a CPU", List.of(device), (graph, _) -> Placement.whole(graph, device));
    open.add(engine);
    return engine;
  }

  private ModelHost host(Engine engine, LoadGate gate, Catalog catalog) {
    var host = new ModelHost(engine, catalog, gate, watcher);
    open.add(host);
    return host;
  }

  private ModelHost host(Engine engine, String... names) {
    return host(engine, LoadGate.OPEN, catalog(file, names));
  }

  private static Catalog catalog(Path file, String... names) {
    return Catalog.of(
        Stream.of(names).map(name -> new Catalog.Offer(name, file, OPTIONS)).toList());
  }

  private static Lease use(ModelHost host, String name) throws InterruptedException {
    return host.use(name, Progress.none());
  }

  @Test
  void aModelIsLoadedWhenSomebodyWantsItAndStays() throws InterruptedException {
    ModelHost host = host(engine(2 * each), "a", "b");
    assertInstanceOf(ModelState.Absent.class, host.state("a"));
    LoadedModel first;
    try (Lease lease = use(host, "a")) {
      first = lease.model();
      assertEquals(2, Models.greedy(first, new int[] {1, 2}, 2).length);
      assertEquals(1, ((ModelState.Ready) host.state("a")).leases());
    }
    try (Lease again = use(host, "a")) {
      assertSame(first, again.model());
    }
    assertEquals(List.of("+a"), heard);
    assertInstanceOf(ModelState.Absent.class, host.state("b"));
  }

  @Test
  void theLeastRecentlyUsedLeavesAndNoOther() throws InterruptedException {
    Engine engine = engine(2 * each + 100);
    ModelHost host = host(engine, "a", "b", "c");
    use(host, "a").close();
    use(host, "b").close();
    use(host, "a").close();
    use(host, "c").close();
    assertEquals(List.of("+a", "+b", "-b for c", "+c"), heard);
    assertEquals(100, engine.memory().getFirst().freeBytes());
  }

  @Test
  void whoIsPinnedStaysAndTheOtherIsRefusedWithTheNumbers() throws InterruptedException {
    ModelHost host = host(engine(each), "a", "b");
    use(host, "a").close();
    host.pin("a");
    var refusal = assertThrows(SoleboxException.class, () -> use(host, "b"));
    assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
    assertTrue(refusal.getMessage().contains("Loaded on it: "), refusal.getMessage());
    assertInstanceOf(ModelState.Failed.class, host.state("b"));
    assertEquals(List.of("+a", "!b"), heard);
  }

  @Test
  void whoIsInUseEndsItsAnswersBeforeItLeaves() throws InterruptedException, ExecutionException {
    ModelHost host = host(engine(each), "a", "b");
    Lease busy = use(host, "a");
    List<String> stages = new CopyOnWriteArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var other = executor.submit(() -> host.use("b", (stage, _) -> stages.add(stage)));
      while (!stages.contains("waiting for answers of other models")) {
        Thread.onSpinWait();
      }
      var late = executor.submit(() -> use(host, "a"));
      assertEquals(2, Models.greedy(busy.model(), new int[] {1}, 2).length);
      assertFalse(late.isDone(), "nobody begins with what leaves");
      busy.close();
      other.get().close();
      late.get().close();
    }
    assertEquals(List.of("+a", "-a for b", "+b", "-b for a", "+a"), heard);
  }

  @Test
  void whoWaitsForAModelThatLeavesIsHeard() throws Exception {
    ModelHost host = host(engine(each), "a", "b");
    Lease busy = use(host, "a");
    List<String> stages = new CopyOnWriteArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var other = executor.submit(() -> host.use("b", (stage, _) -> stages.add(stage)));
      while (!stages.contains("waiting for answers of other models")) {
        Thread.onSpinWait();
      }
      List<String> told = new CopyOnWriteArrayList<>();
      Progress impatient =
          new Progress() {
            @Override
            public void report(String stage, double fraction) {
              told.add(stage);
            }

            @Override
            public boolean cancelled() {
              return told.size() > 2;
            }
          };
      var refusal = assertThrows(SoleboxException.class, () -> host.use("a", impatient));
      assertEquals(ErrorCode.CANCELLED, refusal.code());
      busy.close();
      other.get().close();
    }
  }

  /** A model stays until somebody has had it who waited for it, also where that one is slow. */
  @Test
  void whoWaitedForAModelHasItBeforeItLeaves() throws Exception {
    ModelHost host = host(engine(each), "a", "b");
    use(host, "a").close();
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      // Hears of the load, and comes back to the host when it is over.
      var slow =
          executor.submit(
              () ->
                  host.use(
                      "b",
                      (_, _) -> {
                        asked.countDown();
                        await(go);
                      }));
      asked.await();
      while (!heard.contains("+b")) {
        Thread.onSpinWait();
      }
      var next = executor.submit(() -> use(host, "a"));
      while (!(host.state("a") instanceof ModelState.Loading)) {
        Thread.onSpinWait();
      }
      go.countDown();
      slow.get().close();
      next.get().close();
    }
    assertEquals(List.of("+a", "-a for b", "+b", "-b for a", "+a"), heard);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nobodyLeavesForAModelThatCannotFitAnyway() throws InterruptedException {
    ModelHost host = host(engine(each - 1), "a");
    assertThrows(SoleboxException.class, () -> use(host, "a"));
    Catalog catalog =
        Catalog.of(
            List.of(
                new Catalog.Offer("small", file, OPTIONS.withContext(32)),
                new Catalog.Offer("large", file, OPTIONS.withContext(1 << 20))));
    heard.clear();
    ModelHost two = host(engine(each), LoadGate.OPEN, catalog);
    use(two, "small").close();
    var refusal = assertThrows(SoleboxException.class, () -> use(two, "large"));
    assertTrue(refusal.remedy().contains("--context "), refusal.remedy());
    assertEquals(List.of("+small", "!large"), heard);
  }

  @Test
  void aProspectNamesWhoWouldLeave() throws InterruptedException {
    Engine engine = engine(2 * each + 100);
    ModelHost host = host(engine, "a", "b", "c");
    assertEquals(List.of(), host.prospect("c").orElseThrow().leaving());
    use(host, "a").close();
    use(host, "b").close();
    Prospect prospect = host.prospect("c").orElseThrow();
    assertTrue(prospect.fits());
    assertEquals(List.of("a"), prospect.leaving());
    assertTrue(prospect.decoding().orElseThrow().weightBytes() > 0);
    assertEquals(List.of(), host.prospect("a").orElseThrow().leaving(), "it is there");
    host.pin("a");
    host.pin("b");
    assertFalse(host.prospect("c").orElseThrow().fits());
    assertEquals(List.of("+a", "+b"), heard, "nobody has left");
  }

  @Test
  void aFileThatIsNoModelHasNoProspectUntilItIsMended() throws IOException {
    Path broken = scratch.resolve("broken.gguf");
    Files.writeString(broken, "no model");
    ModelHost host = host(engine(each), LoadGate.OPEN, catalog(broken, "a"));
    assertTrue(host.prospect("a").isEmpty());
    Files.copy(file, broken, StandardCopyOption.REPLACE_EXISTING);
    assertTrue(host.prospect("a").isPresent());
  }

  @Test
  void whatIsLoadedBeforehandSendsNobodyAway() throws InterruptedException {
    ModelHost host = host(engine(each), "a", "b");
    host.preload("a");
    host.preload("b");
    while (heard.size() < 2) {
      Thread.onSpinWait();
    }
    assertEquals(List.of("+a", "!b"), heard);
    use(host, "b").close();
    assertEquals(List.of("+a", "!b", "-a for b", "+b"), heard);
  }

  @Test
  void eachOfTheSequencesHasWholeBlocks() throws InterruptedException {
    var options = OPTIONS.withContext(KvBlocks.TOKENS + 1).withParallel(3);
    Catalog catalog = Catalog.of(List.of(new Catalog.Offer("a", file, options)));
    ModelHost host = host(engine(Long.MAX_VALUE), LoadGate.OPEN, catalog);
    try (Lease a = use(host, "a")) {
      assertEquals(6, a.model().stats().totalBlocks());
    }
  }

  @Test
  void twoModelsNeverCountOnTheSameMemory() throws InterruptedException {
    Engine engine = engine(2 * each - 1);
    Catalog catalog =
        Catalog.of(
            List.of(
                new Catalog.Offer("a", file, OPTIONS),
                new Catalog.Offer("b", file, OPTIONS.withContext(64).withParallel(4))));
    ModelHost host = host(engine, LoadGate.OPEN, catalog);
    try (Lease a = use(host, "a");
        Lease b = use(host, "b")) {
      assertEquals(8, a.model().stats().totalBlocks());
      assertTrue(b.model().stats().totalBlocks() < 8, "what is left, and a note says so");
      assertTrue(b.model().notes().toString().contains("KV cache"), b.model().notes().toString());
    }
    long mapped = engine.memory().getFirst().holdings().getFirst().use().mappedBytes();
    assertTrue(mapped > 100_000, "weights in place count");
  }

  @Test
  void manyWaitersHearProgressAndShareOneLoad() throws InterruptedException, ExecutionException {
    var go = new CountDownLatch(1);
    LoadGate gate =
        (_, _, _, progress) -> {
          progress.report("the card is cooling down", 0.5);
          go.await();
        };
    ModelHost host = host(engine(each), gate, catalog(file, "a"));
    List<String> stages = new CopyOnWriteArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = new ArrayList<Future<LoadedModel>>();
      for (int i = 0; i < 5; i++) {
        waiting.add(
            executor.submit(
                () -> {
                  try (Lease lease = host.use("a", (stage, _) -> stages.add(stage))) {
                    return lease.model();
                  }
                }));
      }
      while (Collections.frequency(stages, "the card is cooling down") < 5) {
        Thread.onSpinWait();
      }
      go.countDown();
      for (var model : waiting) {
        assertSame(waiting.getFirst().get(), model.get());
      }
    }
    assertEquals(List.of("+a"), heard);
  }

  @Test
  void aWaiterWhoGoesAwayIsToldAndTheLoadGoesOn() throws InterruptedException {
    var go = new CountDownLatch(1);
    ModelHost host = host(engine(each), (_, _, _, _) -> go.await(), catalog(file, "a"));
    var gone =
        new Progress() {
          @Override
          public void report(String stage, double fraction) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    var error = assertThrows(SoleboxException.class, () -> host.use("a", gone));
    assertEquals(ErrorCode.CANCELLED, error.code());
    go.countDown();
    use(host, "a").close();
    assertEquals(List.of("+a"), heard);
  }

  @Test
  void aGateThatRefusesIsHeardByEverybody() {
    LoadGate gate =
        (offer, info, estimate, _) -> {
          assertEquals("qwen3", info.architecture());
          assertFalse(estimate.devices().isEmpty());
          throw new SoleboxException(
              ErrorCode.DEVICE_UNAVAILABLE, offer.name(), "The fan stands still.", "Mend it.");
        };
    ModelHost host = host(engine(each), gate, catalog(file, "a"));
    var error = assertThrows(SoleboxException.class, () -> use(host, "a"));
    assertEquals("The fan stands still.", error.getMessage());
  }

  @Test
  void aFileThatIsMendedIsLoadedAtTheNextRequest() throws InterruptedException, IOException {
    Path broken = scratch.resolve("broken.gguf");
    Files.writeString(broken, "nonsense");
    ModelHost host = host(engine(each), LoadGate.OPEN, catalog(broken, "a"));
    var error = assertThrows(SoleboxException.class, () -> use(host, "a"));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    Files.copy(file, broken, StandardCopyOption.REPLACE_EXISTING);
    use(host, "a").close();
    assertEquals(List.of("!a", "+a"), heard);
  }

  @Test
  void aGateThatWaitsIsWokenWhenTheHostCloses() throws InterruptedException {
    var waiting = new CountDownLatch(1);
    LoadGate gate =
        (_, _, _, _) -> {
          waiting.countDown();
          new CountDownLatch(1).await();
        };
    ModelHost host = host(engine(each), gate, catalog(file, "a"));
    host.preload("a");
    waiting.await();
    host.close();
    assertEquals(List.of(), heard);
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThereAre() {
    ModelHost host = host(engine(each), "a", "b");
    var error = assertThrows(SoleboxException.class, () -> use(host, "c"));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, error.code());
    assertTrue(error.remedy().contains("a, b"), error.remedy());
    assertEquals(2, host.status().size());
  }

  @Test
  void closingFreesEverythingAndEndsWaiting() throws InterruptedException, ExecutionException {
    Engine engine = engine(2 * each);
    var stuck = new CountDownLatch(1);
    LoadGate gate =
        (offer, _, _, progress) -> {
          while (offer.name().equals("b") && !progress.cancelled()) {
            stuck.countDown();
            Thread.sleep(1);
          }
        };
    ModelHost host = host(engine, gate, catalog(file, "a", "b"));
    Lease lease = use(host, "a");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = executor.submit(() -> use(host, "b"));
      stuck.await();
      host.close();
      var error = assertThrows(ExecutionException.class, waiting::get);
      assertEquals(ErrorCode.CLOSED, ((SoleboxException) error.getCause()).code());
    }
    var error =
        assertThrows(SoleboxException.class, () -> Models.greedy(lease.model(), new int[] {1}, 1));
    assertEquals(ErrorCode.CLOSED, error.code());
    lease.close();
    assertEquals(2 * each, engine.memory().getFirst().freeBytes());
    assertEquals(List.of("+a"), heard);
  }

  @Test
  void manyUsersOfThreeModelsInRoomForTwo() throws InterruptedException, ExecutionException {
    Engine engine = engine(2 * each);
    ModelHost host = host(engine, "a", "b", "c");
    int[] expected;
    try (Lease lease = use(host, "a")) {
      expected = Models.greedy(lease.model(), new int[] {5, 6}, 4);
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<int[]>>();
      for (int i = 0; i < 30; i++) {
        String name = "abc".substring(i % 3, i % 3 + 1);
        answers.add(
            executor.submit(
                () -> {
                  try (Lease lease = use(host, name)) {
                    return Models.greedy(lease.model(), new int[] {5, 6}, 4);
                  }
                }));
      }
      for (var answer : answers) {
        assertArrayEquals(expected, answer.get());
      }
    }
    assertTrue(engine.memory().getFirst().holdings().size() <= 2);
  }

  @Test
  void aModelWhoseLoopHasDiedIsLoadedAnew() throws InterruptedException {
    ModelHost host = host(engine(each), "a");
    LoadedModel first;
    try (Lease lease = use(host, "a")) {
      first = lease.model();
      assertThrows(
          SoleboxException.class,
          () ->
              first.logits(
                  new int[] {1, 2},
                  (_, _) -> {
                    throw new OutOfMemoryError("for the test");
                  }));
      while (first.failure().isEmpty()) {
        Thread.onSpinWait();
      }
      var error = assertThrows(SoleboxException.class, () -> use(host, "a"));
      assertEquals(ErrorCode.OUT_OF_MEMORY, error.code(), "while somebody still holds it");
    }
    try (Lease lease = use(host, "a")) {
      assertNotSame(first, lease.model());
      assertEquals(1, Models.greedy(lease.model(), new int[] {1}, 1).length);
    }
  }
}
