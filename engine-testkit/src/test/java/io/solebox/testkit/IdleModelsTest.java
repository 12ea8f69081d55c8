package io.solebox.testkit;

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
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.KeepAlive;
import io.solebox.engine.host.KeepAlive.Idle;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.memory.MemoryLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/** Models that leave because nobody uses them, or because somebody wants them away. */
@Timeout(60)
class IdleModelsTest {
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(256).withParallel(2).withKvType(KvType.F32);

  private static final KeepAlive AT_ONCE = new Idle(Duration.ZERO);
  private static final KeepAlive SOON = new Idle(Duration.ofMillis(30));
  private static final KeepAlive LATER = new Idle(Duration.ofHours(1));

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

  private ModelHost host(Engine engine, LoadGate gate, KeepAlive keepAlive, String... names) {
    Catalog catalog =
        Catalog.of(Stream.of(names).map(n -> new Catalog.Offer(n, file, OPTIONS)).toList());
    var host = new ModelHost(engine, catalog, gate, watcher, keepAlive);
    open.add(host);
    return host;
  }

  private static Lease use(ModelHost host, String name) throws InterruptedException {
    return host.use(name, Progress.none());
  }

  private void await(String event) throws InterruptedException {
    while (!heard.contains(event)) {
      Thread.sleep(1);
    }
  }

  private static Status status(ModelHost host, String name) {
    return host.status().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void whoIsNotUsedLeavesAndComesBack() throws InterruptedException {
    Engine engine = engine(each);
    ModelHost host = host(engine, LoadGate.OPEN, SOON, "a");
    LoadedModel first;
    try (Lease lease = use(host, "a")) {
      first = lease.model();
    }
    await("-a idle");
    assertInstanceOf(ModelState.Absent.class, host.state("a"));
    assertEquals(each, engine.memory().getFirst().freeBytes());
    try (Lease again = use(host, "a")) {
      assertNotSame(first, again.model());
      assertEquals(2, Models.greedy(again.model(), new int[] {1, 2}, 2).length);
    }
    assertEquals(2, status(host, "a").history().loads());
    assertTrue(status(host, "a").history().loadNanos() > 0);
    await("-a idle");
  }

  @Test
  void whoIsInUseStaysHoweverLongThatIs() throws InterruptedException {
    ModelHost host = host(engine(each), LoadGate.OPEN, SOON, "a");
    try (Lease lease = use(host, "a")) {
      Thread.sleep(100);
      assertEquals(2, Models.greedy(lease.model(), new int[] {1, 2}, 2).length);
      assertEquals(List.of("+a"), heard);
    }
    await("-a idle");
  }

  @Test
  void aRequestSaysHowLongAndTheLastWordCounts() throws InterruptedException {
    ModelHost host = host(engine(2 * each), LoadGate.OPEN, LATER, "a", "b");
    try (Lease one = use(host, "a");
        Lease other = use(host, "a")) {
      one.keepAlive(AT_ONCE);
      one.close();
      assertInstanceOf(ModelState.Ready.class, host.state("a"), "the other still uses it");
      other.keepAlive(LATER);
    }
    assertTrue(status(host, "a").idleLeft().orElseThrow().compareTo(Duration.ofMinutes(59)) > 0);
    try (Lease last = use(host, "a")) {
      last.keepAlive(AT_ONCE);
    }
    await("-a idle");
    try (Lease anew = use(host, "a")) {
      assertSame(anew.model(), ((ModelState.Ready) host.state("a")).model());
    }
    assertTrue(status(host, "a").idleLeft().isPresent(), "a new load begins as the host says");
    host.keepAlive("a", KeepAlive.WHILE_THERE_IS_ROOM);
    assertTrue(status(host, "a").idleLeft().isEmpty());
    host.keepAlive("b", AT_ONCE);
    assertInstanceOf(ModelState.Absent.class, host.state("b"), "nothing is loaded for that");
  }

  @Test
  void whoIsPinnedStaysWhateverRequestsSay() throws InterruptedException {
    ModelHost host = host(engine(2 * each), LoadGate.OPEN, SOON, "a", "b");
    host.pin("a");
    try (Lease lease = use(host, "a")) {
      lease.keepAlive(AT_ONCE);
    }
    use(host, "b").close();
    await("-b idle");
    assertInstanceOf(ModelState.Ready.class, host.state("a"));
    assertTrue(status(host, "a").pinned());
    assertTrue(host.unload("a", Progress.none()), "but the owner may send it away");
    assertEquals(List.of("+a", "+b", "-b idle", "-a asked"), heard);
  }

  @Test
  void anUnloadWaitsForAnswersAndNobodyBeginsMeanwhile() throws Exception {
    ModelHost host = host(engine(each), LoadGate.OPEN, LATER, "a");
    Lease busy = use(host, "a");
    var patience = new CountDownLatch(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> unload =
          executor.submit(() -> host.unload("a", (_, _) -> patience.countDown()));
      patience.await();
      Future<Lease> late = executor.submit(() -> use(host, "a"));
      assertEquals(3, Models.greedy(busy.model(), new int[] {1}, 3).length, "it is not torn");
      assertFalse(unload.isDone() || late.isDone());
      busy.close();
      assertTrue(unload.get());
      Lease next = late.get();
      assertNotSame(busy.model(), next.model());
      next.close();
    }
    assertEquals(List.of("+a", "-a asked", "+a"), heard);
  }

  @Test
  void whoDoesNotWaitForAnUnloadHearsSoAndItGoesOn() throws InterruptedException {
    ModelHost host = host(engine(each), LoadGate.OPEN, LATER, "a");
    Lease busy = use(host, "a");
    var impatient =
        new Progress() {
          @Override
          public void report(String stage, double fraction) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    assertFalse(host.unload("a", impatient));
    busy.close();
    await("-a asked");
    assertTrue(host.unload("a", Progress.none()), "what is away is away");
  }

  @Test
  void aLoadIsGivenUpAndItsWaitersHearSo() throws Exception {
    var begun = new CountDownLatch(1);
    LoadGate gate =
        (_, _, _, progress) -> {
          begun.countDown();
          while (!progress.cancelled()) {
            Thread.sleep(1);
          }
          throw new SoleboxException(ErrorCode.CANCELLED, "", "Not any more.", "Ask again.");
        };
    ModelHost host = host(engine(2 * each), gate, LATER, "a", "b");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = executor.submit(() -> use(host, "a"));
      begun.await();
      var second = executor.submit(() -> use(host, "b")); // waits for its turn
      while (!(host.state("b") instanceof ModelState.Loading)) {
        Thread.sleep(1);
      }
      assertTrue(host.unload("b", Progress.none()));
      assertEquals(ErrorCode.CANCELLED, code(second));
      assertTrue(host.unload("a", Progress.none()));
      assertEquals(ErrorCode.CANCELLED, code(first));
    }
    assertInstanceOf(ModelState.Absent.class, host.state("a"));
    assertEquals(List.of("~a"), heard);
  }

  private static ErrorCode code(Future<Lease> waiting) {
    var error = assertThrows(ExecutionException.class, waiting::get);
    return ((SoleboxException) error.getCause()).code();
  }

  @Test
  void aLoadThatFitsOnlyWithoutTheIdleOneNeverMeetsItHalfClosed() throws Exception {
    ModelHost host = host(engine(each), LoadGate.OPEN, AT_ONCE, "a", "b");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 40; i++) {
        String name = i % 2 == 0 ? "a" : "b";
        answers.add(
            executor.submit(
                () -> {
                  try (Lease lease = use(host, name)) {
                    return Models.greedy(lease.model(), new int[] {5, 6}, 2).length;
                  }
                }));
      }
      for (var answer : answers) {
        assertEquals(2, answer.get());
      }
    }
    assertFalse(heard.stream().anyMatch(event -> event.startsWith("!")), heard::toString);
  }

  @Test
  void whoeverAsksHearsOfEveryChange() throws InterruptedException {
    ModelHost host = host(engine(each), LoadGate.OPEN, LATER, "a");
    long seen = host.awaitChange(Long.MIN_VALUE, Duration.ofSeconds(30));
    assertEquals(seen, host.awaitChange(seen, Duration.ofMillis(1)));
    host.load("a");
    while (!(host.state("a") instanceof ModelState.Ready)) {
      long next = host.awaitChange(seen, Duration.ofSeconds(30));
      assertTrue(next > seen);
      seen = next;
    }
  }
}
