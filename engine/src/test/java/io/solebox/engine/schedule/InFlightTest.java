package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.spill.SpillStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several steps under way: who is in which, and that all comes to what one at a time gives. */
@Timeout(60)
class InFlightTest {
  private static final int STEP = 32;
  private static final Graph PRETENDED = PretendedPlan.graph(new Mask.Causal());

  private record Asked(GenerationRequest request, boolean isClosedEarly) {}

  private static PlanRunner runner(Plan plan, Graph graph, Limits limits, SpillStore store) {
    return new PlanRunner("test", graph, plan, limits, Guessing.NONE, store);
  }

  private static PlanRunner runner(Plan plan) {
    return runner(plan, PRETENDED, PretendedPlan.limits(200, STEP), SpillStore.off());
  }

  private static GenerationRequest request(int tokens, int... prompt) {
    return GenerationRequest.of(prompt, SamplingParams.greedy(tokens));
  }

  private static Generation submit(PlanRunner runner, GenerationRequest request) {
    return runner.submit(request, 0, Set.of());
  }

  private static List<Generation.Event> events(Generation generation) throws InterruptedException {
    var events = new ArrayList<Generation.Event>();
    do {
      events.add(generation.next());
    } while (!(events.getLast() instanceof Generation.End
        || events.getLast() instanceof Generation.Failed));
    return events;
  }

  private static int[] ids(Generation generation) throws InterruptedException {
    List<Generation.Event> events = events(generation);
    if (events.getLast() instanceof Generation.Failed failed) {
      throw failed.error();
    }
    return events.stream()
        .filter(Generation.Token.class::isInstance)
        .mapToInt(event -> ((Generation.Token) event).id())
        .toArray();
  }

  private static ErrorCode failure(Generation generation) throws InterruptedException {
    return ((Generation.Failed) events(generation).getLast()).error().code();
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean has(Batch batch, int id) {
    return Arrays.stream(batch.tokens()).anyMatch(token -> token == id);
  }

  /** Whoever comes while a step is in the last stage is in the first one before that has ended. */
  @Test
  void whoComesNeedNotWaitForAStepThatIsUnderWay() throws InterruptedException {
    var last = new PretendedPlan(40);
    var both = new CyclicBarrier(2);
    var begun = new CountDownLatch(1);
    var flying = new FlyingPlan(last, PRETENDED, 2, STEP);
    last.beforeStep(
        batch -> {
          if (has(batch, 1)) {
            begun.countDown();
            meet(both);
          }
        });
    flying.beforeFirstStage(
        batch -> {
          if (has(batch, 30)) {
            meet(both);
          }
        });
    try (flying;
        var runner = runner(flying)) {
      Generation first = submit(runner, request(3, 1));
      await(begun);
      Generation second = submit(runner, request(3, 30));
      assertArrayEquals(new int[] {2, 3, 4}, ids(first));
      assertArrayEquals(new int[] {31, 32, 33}, ids(second));
    }
  }

  /** The first stage has a chunk of a prompt while the last one has the chunk before. */
  @Test
  void aPromptNeedNotWaitForItself() throws InterruptedException {
    var last = new PretendedPlan(40);
    var both = new CyclicBarrier(2);
    var flying = new FlyingPlan(last, PRETENDED, 2, STEP);
    last.beforeStep(batch -> meetIf(batch.positions()[0] == 0, both));
    flying.beforeFirstStage(batch -> meetIf(batch.positions()[0] == STEP, both));
    try (flying;
        var runner = runner(flying)) {
      int[] prompt = IntStream.range(0, 150).map(i -> i % 10).toArray();
      List<Generation.Event> events = events(submit(runner, request(2, prompt)));
      assertTrue(events.contains(new Generation.Token(10, Optional.empty(), false)));
      assertTrue(events.contains(new Generation.Prefilling(STEP, 0, 150)));
      assertTrue(events.contains(new Generation.Prefilling(4 * STEP, 0, 150)));
    }
  }

  private static void meetIf(boolean meets, CyclicBarrier barrier) {
    if (meets) {
      meet(barrier);
    }
  }

  /** Two who generate are in steps of their own, and meet in different stages. */
  @Test
  void whoGenerateAreSpreadOverTheSteps() throws InterruptedException {
    var last = new PretendedPlan(40);
    var flying = new FlyingPlan(last, PRETENDED, 2, STEP);
    var go = new CountDownLatch(1);
    flying.beforeFirstStage(_ -> await(go));
    try (flying;
        var runner = runner(flying)) {
      var generations = new ArrayList<Generation>();
      for (int i = 0; i < 4; i++) {
        generations.add(submit(runner, request(40, PretendedPlan.POISON + 1 + i)));
      }
      go.countDown();
      for (Generation generation : generations) {
        assertEquals(40, ids(generation).length);
      }
      assertEquals(2, flying.most());
      assertTrue(last.steps.stream().anyMatch(batch -> batch.size() == 2));
    }
  }

  @Test
  void aStepThatBreaksFailsAllThatAreUnderWayAndTheLoopGoesOn() throws InterruptedException {
    var last = new PretendedPlan(40);
    var both = new CyclicBarrier(2);
    var flying = new FlyingPlan(last, PRETENDED, 2, STEP);
    var begun = new CountDownLatch(1);
    last.beforeStep(
        batch -> {
          begun.countDown();
          if (has(batch, 1)) {
            meet(both);
            throw new IllegalStateException("the card fell off");
          }
        });
    flying.beforeFirstStage(
        batch -> {
          if (has(batch, 30)) {
            meet(both);
          }
        });
    try (flying;
        var runner = runner(flying)) {
      Generation first = submit(runner, request(3, 1));
      await(begun);
      Generation second = submit(runner, request(3, 30));
      assertEquals(ErrorCode.INTERNAL_ERROR, failure(first));
      assertEquals(ErrorCode.INTERNAL_ERROR, failure(second));
      last.beforeStep(_ -> {});
      flying.beforeFirstStage(_ -> {});
      assertEquals(0, runner.stats().usedBlocks());
      assertArrayEquals(new int[] {2, 3, 4}, ids(submit(runner, request(3, 1))));
    }
  }

  /** Who goes away keeps its memory until its step has ended, and then gives it back. */
  @Test
  void whoGoesAwayIsLeftAloneUntilItsStepHasEnded() throws InterruptedException {
    var last = new PretendedPlan(40);
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var flying = new FlyingPlan(last, PRETENDED, 2, STEP);
    last.beforeStep(
        batch -> {
          if (has(batch, 1)) {
            begun.countDown();
            await(go);
          }
        });
    try (flying;
        var runner = runner(flying)) {
      Generation first = submit(runner, request(100, 1));
      await(begun);
      first.close();
      Generation second = submit(runner, request(3, 30));
      while (runner.stats().running() < 2) {
        Thread.onSpinWait(); // the loop has heard of the first before
      }
      go.countDown();
      events(second);
      events(first);
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  @Test
  void aModelThatIsClosedWaitsForWhatIsUnderWay() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var flying = new FlyingPlan(new CachingPlan(40, 2, 3), PRETENDED, 3, STEP);
    flying.beforeFirstStage(_ -> begun.countDown());
    try (flying) {
      var runner = runner(flying);
      List<Generation> all =
          IntStream.range(0, 3).mapToObj(i -> submit(runner, request(150, 20 * i))).toList();
      await(begun);
      runner.close();
      for (Generation generation : all) {
        assertEquals(ErrorCode.CLOSED, failure(generation));
      }
    }
  }

  /** Requests that share beginnings, for more memory than there is. */
  private static List<Asked> asked(Random random, int vocab) {
    var all = new ArrayList<Asked>();
    int[] common = random.ints(128, 0, vocab).toArray();
    for (int i = 0; i < 60; i++) {
      int shared = 32 * random.nextInt(5);
      int[] prompt =
          IntStream.concat(
                  Arrays.stream(common, 0, shared), random.ints(1 + random.nextInt(60), 0, vocab))
              .toArray();
      var request =
          request(1 + random.nextInt(40), prompt)
              .withPriority(random.nextInt(4) == 0 ? Priority.BACKGROUND : Priority.INTERACTIVE);
      all.add(new Asked(request, random.nextInt(8) == 0));
    }
    return all;
  }

  private static void assertSameAsOneAtATime(
      List<Asked> asked, Supplier<PlanRunner> alone, FlyingPlan flying, PlanRunner runner)
      throws InterruptedException {
    var expected = new ArrayList<int[]>();
    try (var one = alone.get()) {
      for (Asked each : asked) {
        expected.add(ids(submit(one, each.request())));
      }
    }
    try (flying;
        runner) {
      List<Generation> all = asked.stream().map(each -> submit(runner, each.request())).toList();
      for (int i = 0; i < all.size(); i++) {
        if (asked.get(i).isClosedEarly()) {
          all.get(i).close();
        }
      }
      for (int i = 0; i < all.size(); i++) {
        int[] ids = ids(all.get(i));
        int[] whole = expected.get(i);
        boolean isWhole = !asked.get(i).isClosedEarly();
        assertArrayEquals(isWhole ? whole : Arrays.copyOf(whole, ids.length), ids, "request " + i);
      }
      assertTrue(flying.most() > 1, "several were under way");
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  /** What a token hangs on lies in blocks that are shared, given away, spilled and brought back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whateverIsAskedComesToTheSame(int seed) throws InterruptedException {
    List<Asked> asked = asked(new Random(seed), CachingPlan.VOCABULARY);
    Graph graph = CachingPlan.graph();
    Limits limits = PretendedPlan.limits(250, STEP);
    var flying = new FlyingPlan(new CachingPlan(24, 70, 3), graph, 3, STEP);
    assertSameAsOneAtATime(
        asked,
        () -> runner(new CachingPlan(100, 70, 3), graph, limits, SpillStore.off()),
        flying,
        runner(flying, graph, limits, new SpillStore(flying, () -> Long.MAX_VALUE, 1 << 16)));
  }

  /** The same of recurrent states, which are copied while steps are under way. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6})
  void recurrentStatesAreOnesOwn(int seed) throws InterruptedException {
    List<Asked> asked = asked(new Random(seed), RememberingPlan.VOCABULARY);
    Graph graph = RememberingPlan.graph(true);
    Limits limits = RememberingPlan.limits(250, STEP, 6);
    var last = new RememberingPlan(List.of(24), 9);
    var flying = new FlyingPlan(last, graph, 3, STEP);
    assertSameAsOneAtATime(
        asked,
        () -> runner(new RememberingPlan(List.of(100), 9), graph, limits, SpillStore.off()),
        flying,
        runner(flying, graph, limits, new SpillStore(flying, () -> Long.MAX_VALUE, 1 << 16)));
    assertTrue(last.copies.get() > 0);
  }
}
