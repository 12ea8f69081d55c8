package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.spill.SpillStore;
import io.solebox.engine.spill.TransferCosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves the cache and comes back, in the loop: answers are the same, and cost less. */
@Timeout(60)
class SpillTest {
  private static final Limits LIMITS = RememberingPlan.limits(600, 64, 4);
  private static final long PLENTY = 1 << 20;
  private static final long BLOCK_BYTES = 128; // of a CachingPlan

  private record Answer(int[] ids, int cached) {}

  private static PlanRunner runner(Graph graph, Plan plan, SpillStore store) {
    return new PlanRunner("test", graph, plan, LIMITS, Guessing.NONE, store);
  }

  private static SpillStore store(Plan plan, long bytes) {
    return new SpillStore(plan, () -> Long.MAX_VALUE, bytes);
  }

  /** A block in a step, which the plan hears of. */
  private static TransferCosts bytesPerStep(CachingPlan plan) {
    return () -> {
      plan.stepBegins();
      return BLOCK_BYTES;
    };
  }

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, RememberingPlan.VOCABULARY).toArray();
  }

  private static Generation submit(PlanRunner runner, int variant, int[] prompt, int n) {
    return runner.submit(GenerationRequest.of(prompt, SamplingParams.greedy(n)), variant, Set.of());
  }

  private static Answer finish(Generation generation) throws InterruptedException {
    var ids = new ArrayList<Integer>();
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {}
        case Generation.Token token -> ids.add(token.id());
        case Generation.End end -> {
          int[] all = ids.stream().mapToInt(i -> i).toArray();
          return new Answer(all, end.usage().cachedTokens());
        }
        case Generation.Failed failed -> throw failed.error();
      }
    }
  }

  private static Answer ask(PlanRunner runner, int[] prompt, int n) throws InterruptedException {
    return finish(submit(runner, 0, prompt, n));
  }

  /** Attention that sees everything, and that sees the last 40 positions. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPrefixThatLeftComesBack(boolean windowed) throws InterruptedException {
    Graph graph = windowed ? CachingPlan.windowed(40) : CachingPlan.graph();
    // An answer hangs on all that it sees.
    var plan = new CachingPlan(20, windowed ? 40 : 300, 3);
    try (var runner = runner(graph, plan, store(plan, PLENTY))) {
      int[] first = ids(300, 1);
      Answer expected = ask(runner, first, 20);
      for (int other = 2; other < 5; other++) {
        assertEquals(0, ask(runner, ids(400, other), 20).cached());
      }
      plan.tokens = 0;
      Answer again = ask(runner, first, 20);
      assertArrayEquals(expected.ids(), again.ids());
      assertEquals(288, again.cached());
      assertEquals(300 - 288 + 19, plan.tokens);
      var spill = runner.stats().spill();
      assertEquals(windowed ? 2 : 9, spill.restored().pieces(), "the blocks that are seen");
      assertEquals(BLOCK_BYTES * spill.restored().pieces(), spill.restored().bytes());
      assertEquals(BLOCK_BYTES * spill.spilled().pieces(), spill.spilled().bytes());
      assertEquals(spill.spilled().bytes(), spill.memoryBytes());
      assertEquals(0, spill.lost());
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  /** Of what gave way no more than the block that was not full yet. */
  @Test
  void whoGaveWayComputesNothingTwice() throws InterruptedException {
    var plan = new CachingPlan(24, 300, 3);
    var without = new CachingPlan(24, 300, 3);
    long preemptions = crowd(plan, store(plan, PLENTY));
    crowd(without, SpillStore.off());
    int all = IntStream.range(0, 8).map(i -> 100 + 7 * i + 149).sum();
    assertTrue(preemptions > 3, preemptions + " preemptions");
    int again = plan.tokens - all;
    assertTrue(again < 32 * preemptions, again + " tokens were computed again");
    assertTrue(again < without.tokens - all, "without: " + (without.tokens - all));
  }

  private static long crowd(CachingPlan plan, SpillStore store) throws InterruptedException {
    try (var runner = runner(CachingPlan.graph(), plan, store);
        var alone = runner(CachingPlan.graph(), new CachingPlan(24, 300, 3), SpillStore.off())) {
      var prompts = IntStream.range(0, 8).mapToObj(i -> ids(100 + 7 * i, i)).toList();
      var allWait = new CompletableFuture<Void>(); // who gives way hangs on no thread's pace
      plan.beforeStep(allWait::join);
      var asked = prompts.stream().map(prompt -> submit(runner, 0, prompt, 150)).toList();
      allWait.complete(null);
      for (int i = 0; i < asked.size(); i++) {
        int[] expected = ask(alone, prompts.get(i), 150).ids();
        assertArrayEquals(expected, finish(asked.get(i)).ids(), "answer " + i);
      }
      assertEquals(0, runner.stats().usedBlocks());
      return runner.stats().preemptions();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoGaveWayWithItsStateComputesLess(boolean attends) throws InterruptedException {
    int with = crowd(attends, true);
    int without = crowd(attends, false);
    assertTrue(with <= without, with + " tokens, and " + without + " without");
  }

  private static int crowd(boolean attends, boolean spills) throws InterruptedException {
    var plan = new RememberingPlan(attends ? List.of(24) : List.of(), 6);
    SpillStore store = spills ? store(plan, PLENTY) : SpillStore.off();
    try (var runner = runner(RememberingPlan.graph(attends), plan, store)) {
      var prompts = IntStream.range(0, 8).mapToObj(i -> ids(100 + 7 * i, i)).toList();
      var allWait = new CompletableFuture<Void>();
      plan.beforeStep(_ -> allWait.join());
      var asked = prompts.stream().map(prompt -> submit(runner, 0, prompt, 150)).toList();
      allWait.complete(null);
      for (int i = 0; i < asked.size(); i++) {
        int[] expected = RememberingPlan.answer(prompts.get(i), 150);
        assertArrayEquals(expected, finish(asked.get(i)).ids(), "answer " + i);
      }
      assertEquals(0, runner.stats().usedBlocks());
      return plan.tokens.get();
    }
  }

  /** The second turn of conversations that do not fit beside each other. */
  @Test
  void snapshotsThatLeftComeBack() throws InterruptedException {
    var plan = new RememberingPlan(List.of(16), 5);
    try (var runner = runner(RememberingPlan.graph(true), plan, store(plan, PLENTY))) {
      var prompts = IntStream.range(0, 6).mapToObj(i -> ids(200, 20 + i)).toList();
      for (int[] prompt : prompts) {
        assertEquals(0, ask(runner, prompt, 10).cached());
      }
      for (int[] prompt : prompts) {
        Answer again = ask(runner, prompt, 10);
        assertArrayEquals(RememberingPlan.answer(prompt, 10), again.ids());
        assertEquals(160, again.cached());
      }
    }
  }

  /** Few bytes at a time, while another goes on answering. */
  @Test
  void whatComesBackDoesNotStopOthers() throws InterruptedException {
    var plan = new CachingPlan(40, 500, 3);
    var store = new SpillStore(plan, bytesPerStep(plan), PLENTY);
    try (var runner = runner(CachingPlan.graph(), plan, store)) {
      int[] first = ids(500, 1);
      Answer expected = ask(runner, first, 3);
      for (int other = 2; other < 5; other++) {
        ask(runner, ids(500, other), 3);
      }
      Generation running = submit(runner, 0, ids(40, 9), 200);
      while (!(running.next() instanceof Generation.Token)) {
        // until it answers
      }
      Answer again = ask(runner, first, 3);
      assertArrayEquals(expected.ids(), again.ids());
      assertEquals(480, again.cached());
      finish(running);
      assertEquals(15, runner.stats().spill().restored().pieces());
      assertEquals(1, plan.mostWritten, "blocks in one step");
    }
  }

  /** However much leaves for one that comes: what a step does not write over stays that long. */
  @Test
  void whatLeavesDoesNotStopOthers() throws InterruptedException {
    var plan = new CachingPlan(40, 500, 3);
    var store = new SpillStore(plan, bytesPerStep(plan), PLENTY);
    try (var runner = runner(CachingPlan.graph(), plan, store)) {
      Generation running = submit(runner, 0, ids(40, 9), 500);
      Answer[] expected = new Answer[4];
      for (int prompt = 0; prompt < 4; prompt++) {
        expected[prompt] = ask(runner, ids(500, prompt), 3);
      }
      for (int prompt = 0; prompt < 4; prompt++) {
        Answer again = ask(runner, ids(500, prompt), 3);
        assertArrayEquals(expected[prompt].ids(), again.ids());
        assertEquals(480, again.cached());
      }
      running.close();
      assertEquals(0, runner.stats().spill().lost());
      int ofAStep = LIMITS.maxStepTokens() / 32 + 2; // two sequences, which begin within a block
      assertTrue(plan.mostRead <= ofAStep, plan.mostRead + " blocks in one step");
    }
  }

  @Test
  void aSmallStoreKeepsWhatWasUsedLast() throws InterruptedException {
    var plan = new CachingPlan(12, 30, 3);
    try (var runner = runner(CachingPlan.graph(), plan, store(plan, 12 * 128))) {
      for (int round = 0; round < 3; round++) {
        for (int prompt = 0; prompt < 4; prompt++) {
          int[] ids = ids(300, prompt);
          var fresh = new CachingPlan(12, 30, 3);
          try (var alone = runner(CachingPlan.graph(), fresh, SpillStore.off())) {
            assertArrayEquals(ask(alone, ids, 30).ids(), ask(runner, ids, 30).ids());
          }
        }
      }
      var spill = runner.stats().spill();
      assertTrue(spill.lost() > 0);
      assertEquals(12 * BLOCK_BYTES, spill.memoryBytes());
    }
  }

  /** Equal ids under another adapter are not the same. */
  @Test
  void variantsShareNothing() throws InterruptedException {
    var plan = new CachingPlan(12, 30, 3);
    try (var runner = runner(CachingPlan.graph(), plan, store(plan, PLENTY))) {
      int[] prompt = ids(300, 1);
      finish(submit(runner, 1, prompt, 10));
      ask(runner, ids(300, 2), 10);
      assertEquals(0, finish(submit(runner, 0, prompt, 10)).cached());
      assertEquals(288, finish(submit(runner, 1, prompt, 10)).cached());
    }
  }

  @Test
  void whoLeavesWhileItsPrefixComesLeavesNothingBehind() throws InterruptedException {
    var plan = new CachingPlan(40, 500, 3);
    var store = new SpillStore(plan, () -> 1, PLENTY);
    try (var runner = runner(CachingPlan.graph(), plan, store)) {
      int[] first = ids(500, 1);
      Answer expected = ask(runner, first, 3);
      for (int round = 0; round < 20; round++) {
        ask(runner, ids(500, 10 + 2 * round), 1);
        ask(runner, ids(500, 11 + 2 * round), 1);
        submit(runner, 0, first, 3).close();
      }
      Answer again = ask(runner, first, 3);
      assertArrayEquals(expected.ids(), again.ids());
      assertEquals(480, again.cached());
      assertEquals(0, runner.stats().spill().lost());
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  /** What was in the plan when a step broke is in doubt, and so is what was taken out of it. */
  @Test
  void nothingIsRestoredAfterAStepThatBroke() throws InterruptedException {
    var plan = new RememberingPlan(List.of(16), 5);
    try (var runner = runner(RememberingPlan.graph(true), plan, store(plan, PLENTY))) {
      int[] first = ids(200, 1);
      ask(runner, first, 10);
      ask(runner, ids(300, 2), 10);
      ask(runner, ids(300, 3), 10);
      plan.beforeStep(
          _ -> {
            plan.beforeStep(_ -> {});
            throw new IllegalStateException("the card fell off");
          });
      assertTrue(runner.stats().spill().memoryBytes() > 0);
      var failed = assertThrows(SoleboxException.class, () -> ask(runner, ids(50, 4), 1));
      assertEquals(ErrorCode.INTERNAL_ERROR, failed.code());
      assertEquals(0, runner.stats().spill().memoryBytes());
      Answer again = ask(runner, first, 10);
      assertEquals(0, again.cached());
      assertEquals(0, runner.stats().spill().restored().pieces());
      assertArrayEquals(RememberingPlan.answer(first, 10), again.ids());
    }
  }
}
