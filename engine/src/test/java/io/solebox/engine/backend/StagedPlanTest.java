package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That stages compute at once, and that it comes to the same as one after the other. */
@Timeout(30)
class StagedPlanTest {
  private static final int STEP = 64;
  private static final int PART = 8;

  private final Arena arena = Arena.ofShared();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    arena.close();
  }

  private static Graph graph(Mask mask) {
    var b = new GraphBuilder();
    var table = new Weight("t", 64, 1, TensorType.F32, MemorySegment.NULL);
    Value x = b.embed(table);
    Value rows = b.selectRows(b.attention(x, x, x, new AttentionShape(1, 1, 1, 1, mask)));
    return b.build(rows, b.linear("logits", rows, table));
  }

  private StagedPlan plan(Mask mask, Consumer<Batch> first, Consumer<Batch> second) {
    List<Plan> stages =
        List.of(
            new PretendedStage(false, first, what -> told.add("first " + what)),
            new PretendedStage(true, second, what -> told.add("second " + what)));
    return new StagedPlan(stages, graph(mask), STEP, PART);
  }

  private StagedPlan plan(Consumer<Batch> first, Consumer<Batch> second) {
    return plan(new Mask.Causal(), first, second);
  }

  private Outputs outputs() {
    return new Outputs(arena, STEP, 1, 64);
  }

  /** Sequences of so many tokens each, with a row for every third token. */
  private static Batch batch(int... tokens) {
    int size = IntStream.of(tokens).sum();
    int[] sequenceOf =
        IntStream.range(0, tokens.length)
            .flatMap(s -> IntStream.range(0, tokens[s]).map(_ -> s))
            .toArray();
    int[] positions = IntStream.of(tokens).flatMap(n -> IntStream.range(0, n)).toArray();
    List<RowRequest> rows =
        IntStream.iterate(0, t -> t < size, t -> t + 3)
            .<RowRequest>mapToObj(t -> new RowRequest.Argmax(t, LogitEdit.NONE))
            .toList();
    List<Batch.Sequence> sequences =
        IntStream.range(0, tokens.length)
            .mapToObj(s -> new Batch.Sequence(new int[][] {{s}}, s))
            .toList();
    int[] ids = IntStream.range(0, size).toArray();
    return new Batch(ids, positions, sequenceOf, sequences, rows, new Batch.Input.Tokens());
  }

  private static void assertAnswers(Batch batch, Outputs outputs) {
    for (int slot = 0; slot < batch.rows().size(); slot++) {
      int token = batch.rows().get(slot).token();
      assertEquals(batch.tokens()[token] + 2, outputs.candidateIds(slot)[0]);
      assertEquals(batch.positions()[token], outputs.candidateLogits(slot)[0]);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Each part of the second stage waits for the next one of the first, but for the last. */
  @Test
  void aPromptGoesThroughTheStagesInParts() {
    var both = new CyclicBarrier(2);
    var parts = new ArrayList<List<Integer>>();
    var plan =
        plan(
            batch -> {
              if (batch.tokens()[0] > 0) {
                meet(both);
              }
            },
            batch -> {
              parts.add(Arrays.stream(batch.tokens()).boxed().toList());
              if (batch.tokens()[batch.size() - 1] < STEP - 1) {
                meet(both);
              }
            });
    try (plan) {
      Batch batch = batch(1, 1, 40, 22);
      Outputs outputs = outputs();
      plan.run(batch, outputs);
      assertAnswers(batch, outputs);
      assertEquals(STEP / PART, parts.size());
      List<Integer> all = parts.stream().flatMap(List::stream).toList();
      assertEquals(IntStream.range(0, STEP).boxed().toList(), all);
    }
  }

  @Test
  void asManyStepsAreUnderWayAsThereAreStages() {
    var both = new CyclicBarrier(2);
    var plan =
        plan(batch -> meetIf(batch.size() == 2, both), batch -> meetIf(batch.size() == 1, both));
    try (plan) {
      assertEquals(2, plan.inFlight());
      Outputs first = outputs();
      Outputs second = outputs();
      Underway one = plan.begin(batch(1), first);
      Underway two = plan.begin(batch(2), second);
      one.await();
      two.await();
      assertAnswers(batch(1), first);
      assertAnswers(batch(2), second);
    }
  }

  private static void meetIf(boolean meets, CyclicBarrier barrier) {
    if (meets) {
      meet(barrier);
    }
  }

  @Test
  void moreStepsAreRefused() {
    var go = new CountDownLatch(1);
    try (var plan = plan(_ -> await(go), _ -> {})) {
      List<Underway> steps =
          List.of(plan.begin(batch(1), outputs()), plan.begin(batch(1), outputs()));
      assertThrows(IllegalStateException.class, () -> plan.begin(batch(1), outputs()));
      assertFalse(steps.getFirst().hasEnded());
      go.countDown();
      steps.forEach(Underway::await);
      plan.run(batch(1), outputs());
    }
  }

  @Test
  void whatSeesAheadIsNotCutWithinASequence() {
    var sizes = new ArrayList<Integer>();
    try (var plan = plan(new Mask.Bidirectional(), _ -> {}, batch -> sizes.add(batch.size()))) {
      Batch batch = batch(3, 30, 9, 2, 20);
      Outputs outputs = outputs();
      plan.run(batch, outputs);
      assertAnswers(batch, outputs);
      assertEquals(List.of(3, 30, 11, 20), sizes);
    }
  }

  /** The second stage fails with the first step, while the second is in the first stage. */
  @Test
  void aStepThatFailsFailsAllThatAreUnderWay() {
    var both = new CyclicBarrier(2);
    var failure = new IllegalStateException("the card fell off");
    var plan =
        plan(
            batch -> meetIf(batch.size() == 2, both),
            batch -> {
              assertFalse(batch.size() == 2, "nothing of it goes on");
              if (batch.size() == 1) {
                meet(both);
                throw failure;
              }
            });
    try (plan) {
      Underway one = plan.begin(batch(1), outputs());
      Underway two = plan.begin(batch(2), outputs());
      two.awaitAnyEnd();
      assertSame(failure, assertThrows(IllegalStateException.class, one::await));
      assertSame(failure, assertThrows(IllegalStateException.class, two::await));
      Outputs outputs = outputs();
      plan.run(batch(5), outputs);
      assertAnswers(batch(5), outputs);
    }
  }

  /** What copies need not wait for a step that goes on to other stages, nor for one queued. */
  @Test
  void copiesGoBeforeWhatIsQueued() {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var plan =
        plan(
            batch -> {
              told.add("step of " + batch.size());
              begun.countDown();
              await(go);
            },
            _ -> {});
    try (plan) {
      Underway one = plan.begin(batch(1), outputs());
      Underway two = plan.begin(batch(2), outputs());
      await(begun);
      Thread copier = Thread.startVirtualThread(() -> plan.copySlot(2, 3));
      while (!told.contains("second 2 to 3")) {
        Thread.onSpinWait(); // it is asked of both stages at once, of the first one first
      }
      go.countDown();
      two.await();
      one.await();
      join(copier);
      told.remove("second 2 to 3");
      assertEquals(List.of("step of 1", "first 2 to 3", "step of 2"), told);
    }
    assertEquals(List.of("first closed", "second closed"), told.subList(3, 5));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachStageHasItsPartOfAPlace() {
    try (var plan = plan(_ -> {}, _ -> {})) {
      var place = new KeptPlace.Block(0, 1);
      MemorySegment bytes = arena.allocate(plan.bytes(place));
      plan.read(place, bytes);
      assertEquals(2, bytes.byteSize());
      plan.write(place, bytes);
      Collections.sort(told);
      assertEquals(List.of("first write 1", "second write 2"), told);
    }
  }
}
