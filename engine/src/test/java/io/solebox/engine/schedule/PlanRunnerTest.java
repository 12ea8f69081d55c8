package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.graph.Mask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop and what may be asked of it, over a plan without a model. */
@Timeout(30)
class PlanRunnerTest {
  private static final Limits LIMITS = PretendedPlan.limits(200, 32);

  private final PretendedPlan plan = new PretendedPlan(40);
  private final PlanRunner runner = runner(new Mask.Causal());

  private PlanRunner runner(Mask mask) {
    return new PlanRunner("test", PretendedPlan.graph(mask), plan, LIMITS);
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private static GenerationRequest request(int tokens, int... prompt) {
    return GenerationRequest.of(prompt, SamplingParams.greedy(tokens));
  }

  private Generation submit(GenerationRequest request) {
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

  private static List<Integer> ids(List<Generation.Event> events) {
    return events.stream()
        .filter(Generation.Token.class::isInstance)
        .map(e -> ((Generation.Token) e).id())
        .toList();
  }

  private static ErrorCode failure(List<Generation.Event> events) {
    return ((Generation.Failed) events.getLast()).error().code();
  }

  /** They share steps, and each has its own states. */
  @Test
  void severalTextsAreEncodedAtOnce() throws InterruptedException {
    // Many, since the first steps may begin while the last ones are still on their way.
    List<int[]> texts =
        IntStream.range(0, 60)
            .map(i -> 1 + i % 6)
            .mapToObj(n -> IntStream.range(n, 2 * n).toArray())
            .toList();
    List<float[][]> states = runner.encode(0, texts, HiddenRows.LAST, Requester.NOBODY);
    assertEquals(texts.size(), states.size());
    for (int i = 0; i < texts.size(); i++) {
      int last = texts.get(i).length - 1;
      assertArrayEquals(new float[][] {{texts.get(i)[last], last}}, states.get(i));
    }
    assertTrue(plan.steps.size() < texts.size(), plan.steps.size() + " steps");
    assertEquals(List.of(), runner.encode(0, List.of(), HiddenRows.LAST, Requester.NOBODY));
    assertThrows(
        SoleboxException.class,
        () ->
            runner.encode(
                0, List.of(new int[] {1}, new int[0]), HiddenRows.LAST, Requester.NOBODY));
  }

  @Test
  void aLongPromptSaysHowFarItIs() throws InterruptedException {
    int[] prompt = IntStream.range(0, 100).map(i -> i % 10).toArray();
    var events = events(submit(request(2, prompt)));
    assertEquals(List.of(10, 11), ids(events));
    var parts = events.stream().filter(Generation.Prefilling.class::isInstance).toList();
    assertEquals(new Generation.Prefilling(0, 0, 100), parts.getFirst());
    assertEquals(new Generation.Prefilling(32, 0, 100), parts.get(1));
    assertEquals(new Generation.Prefilling(96, 0, 100), parts.getLast());
    var again = events(submit(request(2, prompt)));
    assertEquals(new Generation.Prefilling(96, 96, 100), again.getFirst());
  }

  @Test
  void whoWaitsHearsHowManyAreBefore() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    plan.beforeStep(
        _ -> {
          begun.countDown();
          await(go);
        });
    var generations = new ArrayList<Generation>();
    generations.add(submit(request(3, 0)));
    await(begun); // so that it ends before those that come later
    for (int i = 1; i < 10; i++) {
      generations.add(submit(request(3, i)));
    }
    go.countDown();
    var last = events(generations.getLast());
    assertTrue(last.contains(new Generation.Queued(1)), last.toString());
    assertTrue(last.contains(new Generation.Queued(0)), last.toString());
    for (Generation generation : generations.subList(0, 9)) {
      events(generation);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsNoNumberFailsItsAnswerAlone() throws InterruptedException {
    var bad = submit(request(9, 10));
    var good = submit(request(9, 20));
    var events = events(bad);
    assertEquals(List.of(11, 12, PretendedPlan.POISON), ids(events));
    assertEquals(ErrorCode.NON_FINITE, failure(events));
    assertEquals(9, ids(events(good)).size());
    events(submit(request(2, PretendedPlan.POISON)));
    assertEquals(ErrorCode.NON_FINITE, runner.stats().trouble().orElseThrow().code());
    events(submit(request(2, 30)));
    assertTrue(runner.stats().trouble().isEmpty(), "until one succeeds again");
  }

  @Test
  void aBrokenStepFailsWhatRunsAndTheLoopGoesOn() throws InterruptedException {
    int[] prompt = IntStream.range(0, 80).map(i -> i % 10).toArray();
    events(submit(request(1, prompt)));
    plan.beforeStep(
        _ -> {
          throw new IllegalStateException("the card fell off");
        });
    assertEquals(ErrorCode.INTERNAL_ERROR, failure(events(submit(request(1, prompt)))));
    assertEquals(ErrorCode.INTERNAL_ERROR, runner.stats().trouble().orElseThrow().code());
    plan.beforeStep(_ -> {});
    var end = (Generation.End) events(submit(request(1, prompt))).getLast();
    assertEquals(0, end.usage().cachedTokens(), "what the cache held is in doubt");
    assertTrue(runner.ended().isEmpty());
  }

  @Test
  void anErrorEndsTheLoopAndNobodyWaitsForEver() throws InterruptedException {
    plan.beforeStep(
        _ -> {
          throw new OutOfMemoryError("Java heap space");
        });
    var running = submit(request(5, 1));
    assertEquals(ErrorCode.OUT_OF_MEMORY, failure(events(running)));
    while (runner.ended().isEmpty()) {
      Thread.onSpinWait();
    }
    assertEquals(ErrorCode.OUT_OF_MEMORY, runner.ended().get().code());
    assertEquals(ErrorCode.OUT_OF_MEMORY, failure(events(submit(request(5, 2)))));
    var error =
        assertThrows(
            SoleboxException.class, () -> runner.score(0, new int[] {1, 2}, 1, Requester.NOBODY));
    assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
  }

  @Test
  void anAnswerThatComesTooLateIsNone() throws InterruptedException {
    plan.beforeStep(_ -> pause());
    var late = events(submit(request(150, 1).withDeadline(Duration.ofMillis(60))));
    assertEquals(ErrorCode.DEADLINE_EXCEEDED, failure(late));
    assertFalse(ids(late).isEmpty());
    assertEquals(0, runner.stats().usedBlocks());
    var soon = events(submit(request(2, 1).withDeadline(Duration.ofMinutes(1))));
    assertEquals(2, ids(soon).size());
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void peopleComeBeforeBackgroundWork() throws InterruptedException {
    var go = new CountDownLatch(1);
    plan.beforeStep(_ -> await(go));
    for (int i = 0; i < 8; i++) {
      submit(request(1, 40 + i));
    }
    var bulk = submit(request(1, 2).withPriority(Priority.BACKGROUND));
    var person = submit(request(1, 1));
    go.countDown();
    events(person);
    events(bulk);
    List<Integer> order =
        plan.steps.stream().flatMap(b -> Arrays.stream(b.tokens()).boxed()).toList();
    assertTrue(order.indexOf(1) < order.indexOf(2), order.toString());
  }

  @Test
  void aConstraintIsObeyedAndHearsWhatWasSaid() throws InterruptedException {
    var said = new ArrayList<Integer>();
    var constraint =
        new TokenConstraint() {
          @Override
          public TokenMask allowed() {
            return new TokenMask(new long[] {said.size() < 3 ? 1L << 40 | 1L << 50 : 0});
          }

          @Override
          public void said(int id) {
            said.add(id);
          }

          @Override
          public TokenConstraint fork() {
            throw new AssertionError("nobody guesses here");
          }
        };
    var events = events(submit(request(9, 39).withConstraint(constraint)));
    assertEquals(40, ids(events).getFirst());
    assertEquals(said, ids(events));
    assertEquals(ErrorCode.NOTHING_ALLOWED, failure(events));
  }

  @Test
  void scoresAreOfTheIdsThatFollow() throws InterruptedException {
    float likely = (float) -Math.log1p((PretendedPlan.VOCABULARY - 1) * Math.exp(-20));
    float[] scores = runner.score(0, new int[] {5, 6, 7, 9, 10}, 2, Requester.NOBODY);
    assertArrayEquals(new float[] {likely, likely - 20, likely}, scores, 1e-4f);
    for (int from : new int[] {0, 5}) {
      var error =
          assertThrows(
              SoleboxException.class,
              () -> runner.score(0, new int[] {1, 2, 3, 4, 5}, from, Requester.NOBODY));
      assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    }
    var error =
        assertThrows(
            SoleboxException.class,
            () -> runner.score(0, new int[] {PretendedPlan.POISON, 1}, 1, Requester.NOBODY));
    assertEquals(ErrorCode.NON_FINITE, error.code());
  }

  @Test
  void hiddenStatesAreThoseThatAreWanted() throws InterruptedException {
    int[] ids = IntStream.range(0, 50).toArray();
    assertArrayEquals(
        new float[][] {{0, 0}},
        runner.encode(0, List.of(ids), HiddenRows.FIRST, Requester.NOBODY).getFirst());
    assertArrayEquals(
        new float[][] {{49, 49}},
        runner.encode(0, List.of(ids), HiddenRows.LAST, Requester.NOBODY).getFirst());
    float[][] all = runner.encode(0, List.of(ids), HiddenRows.ALL, Requester.NOBODY).getFirst();
    assertEquals(50, all.length);
    assertArrayEquals(new float[] {33, 33}, all[33]);
  }

  @Test
  void whatSeesAheadIsComputedAtOnceOrRefused() throws InterruptedException {
    try (var encoder = runner(new Mask.Bidirectional())) {
      plan.steps.clear();
      encoder.encode(0, List.of(new int[32]), HiddenRows.LAST, Requester.NOBODY);
      assertEquals(1, plan.steps.size());
      var error =
          assertThrows(
              SoleboxException.class,
              () -> encoder.encode(0, List.of(new int[33]), HiddenRows.LAST, Requester.NOBODY));
      assertEquals(ErrorCode.CONTEXT_LENGTH_EXCEEDED, error.code());
    }
  }
}
