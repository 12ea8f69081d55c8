package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sequences with recurrent state in the loop: what is found again, and that nothing is mixed up.
 */
@Timeout(60)
class StateReuseTest {
  private static final int CONTEXT = 600;

  private RememberingPlan plan;

  private PlanRunner runner(boolean attends, int sequences, int blocks, int slots) {
    Limits limits = RememberingPlan.limits(CONTEXT, 64, sequences);
    plan = new RememberingPlan(attends ? List.of(blocks) : List.of(), slots);
    return new PlanRunner("test", RememberingPlan.graph(attends), plan, limits);
  }

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, RememberingPlan.VOCABULARY).toArray();
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private static Generation submit(PlanRunner runner, int[] prompt, int n) {
    return runner.submit(GenerationRequest.of(prompt, SamplingParams.greedy(n)), 0, Set.of());
  }

  /** Ends with the answer that it must be; returns what it found in the cache. */
  private static int finish(Generation generation, int[] prompt, int n)
      throws InterruptedException {
    var ids = new ArrayList<Integer>();
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {}
        case Generation.Token token -> ids.add(token.id());
        case Generation.End end -> {
          int[] answer = ids.stream().mapToInt(i -> i).toArray();
          assertEquals(Arrays.toString(RememberingPlan.answer(prompt, n)), Arrays.toString(answer));
          return end.usage().cachedTokens();
        }
        case Generation.Failed failed -> throw failed.error();
      }
    }
  }

  private static int ask(PlanRunner runner, int[] prompt, int n) throws InterruptedException {
    return finish(submit(runner, prompt, n), prompt, n);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNextTurnComputesWhatIsNew(boolean attends) throws InterruptedException {
    try (var runner = runner(attends, 2, 40, 10)) {
      int[] first = ids(200, 1);
      assertEquals(0, ask(runner, first, 50));
      assertEquals(200 + 49, plan.tokens.getAndSet(0));
      int[] second = joined(first, RememberingPlan.answer(first, 50), ids(30, 2));
      assertEquals(224, ask(runner, second, 40), "the last whole block that was computed");
      assertEquals(280 - 224 + 39, plan.tokens.getAndSet(0));
      // A template may leave thoughts out of what it repeats.
      int[] other = joined(first, ids(30, 3));
      assertEquals(160, ask(runner, other, 1));
      assertEquals(70, plan.tokens.get());
    }
  }

  @Test
  void whoIsPreemptedGoesOnFromWhereItWas() throws InterruptedException {
    try (var runner = runner(true, 2, 11, 2)) {
      var submitted = new CountDownLatch(1);
      plan.beforeStep(_ -> await(submitted));
      int[] prompt = ids(60, 5);
      int[] other = ids(60, 6);
      Generation first = submit(runner, prompt, 120);
      Generation second = submit(runner, other, 250); // has five blocks when all are taken
      submitted.countDown();
      finish(first, prompt, 120);
      finish(second, other, 250);
      assertEquals(1, runner.stats().preemptions());
      assertEquals(60 + 119 + 60 + 249, plan.tokens.get(), "nothing was computed twice");
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** When others have taken its last blocks, as much as is left of it. */
  @Test
  void manyWhoArePreemptedAnswerTheSame() throws InterruptedException {
    try (var runner = runner(true, 4, 30, 8)) {
      var prompts = IntStream.range(0, 7).mapToObj(i -> ids(60 + i, i)).toList();
      var submitted = new CountDownLatch(1);
      plan.beforeStep(_ -> await(submitted));
      var all = prompts.stream().map(prompt -> submit(runner, prompt, 300)).toList();
      submitted.countDown();
      for (int i = 0; i < all.size(); i++) {
        assertEquals(0, finish(all.get(i), prompts.get(i), 300));
      }
      assertTrue(runner.stats().preemptions() > 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoComesBackAfterLeavingInTheMiddleFindsWhatWasComputed(boolean attends)
      throws InterruptedException {
    try (var runner = runner(attends, 1, 40, 1)) {
      int[] prompt = ids(500, 7);
      var started = new CompletableFuture<Generation>();
      plan.beforeStep(
          batch -> {
            if (batch.positions()[0] == 192) {
              started.join().close();
            }
          });
      Generation left = submit(runner, prompt, 10);
      started.complete(left);
      while (!(left.next() instanceof Generation.End)) {
        // what comes before it
      }
      int computed = plan.tokens.get();
      assertTrue(computed > 192 && computed < 300, "left after " + computed);
      assertEquals(computed, ask(runner, prompt, 10));
      assertEquals(0, plan.copies.get(), "the one place was left and taken again");
    }
  }

  @Test
  void aCopyThatFailsFailsWhatRunsAndTheLoopGoesOn() throws InterruptedException {
    try (var runner = runner(true, 2, 40, 4)) {
      int[] prompt = ids(200, 8);
      ask(runner, prompt, 1);
      plan.breakCopies();
      Generation broken = submit(runner, prompt, 1);
      Generation.Event event = broken.next();
      while (!(event instanceof Generation.Failed)) {
        event = broken.next();
      }
      assertEquals(ErrorCode.INTERNAL_ERROR, ((Generation.Failed) event).error().code());
      assertTrue(runner.ended().isEmpty());
      assertEquals(0, ask(runner, prompt, 1), "what the cache held is in doubt");
      assertEquals(160, ask(runner, prompt, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyConversationsAtOnceAreNeverMixedUp(boolean attends) throws InterruptedException {
    for (int slots : new int[] {3, 5, 20}) {
      try (var runner = runner(attends, 3, 10 * slots, slots)) {
        var random = new Random(slots);
        var prompts = IntStream.range(0, 8).mapToObj(i -> ids(20 + 20 * (i % 4), i)).toList();
        int found = 0;
        for (int turn = 0; turn < 5; turn++) {
          var next = new ArrayList<int[]>();
          var asked = prompts.stream().map(prompt -> submit(runner, prompt, 40)).toList();
          for (int i = 0; i < asked.size(); i++) {
            if (random.nextInt(5) == 0) {
              asked.get(i).close();
              next.add(prompts.get(i));
            } else {
              found += finish(asked.get(i), prompts.get(i), 40);
              int[] answer = RememberingPlan.answer(prompts.get(i), 40);
              next.add(joined(prompts.get(i), answer, ids(random.nextInt(50), turn)));
            }
          }
          prompts = next;
        }
        assertTrue(slots < 20 || found > 2000, "found " + found);
        assertTrue(slots < 20 || plan.copies.get() > 20);
      }
    }
  }
}
