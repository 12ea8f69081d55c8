package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guess;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.sample.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a draft model keeps of sequences, and until when. */
@Timeout(60)
class DraftMemoryTest {
  private static final int STEP = 64;
  private static final Limits LIMITS = PretendedPlan.limits(400, STEP);

  /** Guesses as another one does, unless it breaks; counts what is released. */
  private static final class Watched implements Drafter {
    private final Drafter drafter = drafter(60);
    private final AtomicInteger released = new AtomicInteger();
    private final AtomicInteger forgotten = new AtomicInteger();
    private final AtomicBoolean breaks = new AtomicBoolean();

    private final class Counted implements Track {
      private final Track track = drafter.follow();

      @Override
      public OptionalInt behind(int[] ids, int length) {
        return track.behind(ids, length);
      }

      @Override
      public void release() {
        released.incrementAndGet();
        track.release();
      }
    }

    @Override
    public Track follow() {
      return new Counted();
    }

    @Override
    public void extend(List<Task> tasks) {
      drafter.extend(
          tasks.stream()
              .map(t -> new Task(((Counted) t.track()).track, t.ids(), t.length(), t.guess()))
              .toList());
      if (breaks.getAndSet(false)) {
        throw new IllegalStateException("the draft model's device is lost");
      }
    }

    @Override
    public boolean isFree() {
      return drafter.isFree();
    }

    @Override
    public double prior(int evidence) {
      return drafter.prior(evidence);
    }

    @Override
    public void forgetContents() {
      forgotten.incrementAndGet();
      drafter.forgetContents();
    }

    @Override
    public void close() {
      drafter.close();
    }
  }

  private static Drafter drafter(int blocks) {
    return new ModelDrafter(CachingPlan.graph(), new CachingPlan(blocks, 2, 3), LIMITS, () -> {});
  }

  private static PlanRunner runner(CachingPlan plan, Drafter drafter) {
    var guessing = new Guessing(drafter, 6, Guessing.When.ALWAYS);
    return new PlanRunner("test", CachingPlan.graph(), plan, LIMITS, guessing);
  }

  private static int[] prompt(int first, int length) {
    return IntStream.range(0, length).map(i -> (first + 11 * i) % 64).toArray();
  }

  private static Generation submit(PlanRunner runner, int[] prompt) {
    var request = GenerationRequest.of(prompt, SamplingParams.greedy(120));
    return runner.submit(request, 0, Set.of());
  }

  private static Generation.Event last(Generation generation) throws InterruptedException {
    while (true) {
      Generation.Event event = generation.next();
      if (event instanceof Generation.End || event instanceof Generation.Failed) {
        return event;
      }
    }
  }

  @Test
  void whoWaitsForMemoryLeavesThatOfTheDraftModelToOthers() throws InterruptedException {
    var drafter = new Watched();
    var plan = new CachingPlan(20, 2, 3);
    var allWait = new CompletableFuture<Void>(); // who gives way hangs on no thread's pace
    plan.beforeStep(allWait::join);
    try (var runner = runner(plan, drafter)) {
      List<Generation> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(submit(runner, prompt(i, 30 + 10 * i)));
      }
      allWait.complete(null);
      for (Generation generation : running) {
        last(generation);
      }
      assertTrue(runner.stats().preemptions() > 0);
      assertTrue(drafter.released.get() > running.size(), "released " + drafter.released);
    }
  }

  /** There is room for one of them. */
  @Test
  void whoCannotBeFollowedAnyMoreHoldsNothing() {
    Limits limits = PretendedPlan.limits(320, STEP);
    var plan = new CachingPlan(10, 2, 3);
    try (var drafter = new ModelDrafter(CachingPlan.graph(), plan, limits, () -> {})) {
      Drafter.Track first = drafter.follow();
      int[] ids = prompt(1, 400);
      go(drafter, first, ids, 310);
      assertTrue(first.behind(ids, 311).getAsInt() < 8);
      assertTrue(first.behind(ids, 321).isEmpty());
      Drafter.Track second = drafter.follow();
      int[] others = prompt(2, 310);
      go(drafter, second, others, 310);
      assertTrue(second.behind(others, 310).getAsInt() < 8);
    }
  }

  private static void go(Drafter drafter, Drafter.Track track, int[] ids, int length) {
    for (int i = 0; i < length / STEP + 1; i++) {
      var sampler = new Sampler(SamplingParams.greedy(9), Optional.empty(), ids, STEP, 0);
      var guess = new Guess(sampler, Set.of(), 5);
      drafter.extend(List.of(new Drafter.Task(track, ids, length, guess)));
    }
  }

  /** What runs fails, and what comes after it is answered as ever, and guessed for. */
  @Test
  void aDraftModelThatBreaksLeavesNothingBehind() throws InterruptedException {
    var drafter = new Watched();
    try (var runner = runner(new CachingPlan(60, 2, 3), drafter)) {
      var before = (Generation.End) last(submit(runner, prompt(3, 40)));
      drafter.breaks.set(true);
      assertTrue(last(submit(runner, prompt(3, 40))) instanceof Generation.Failed);
      assertEquals(0, runner.stats().usedBlocks());
      var after = (Generation.End) last(submit(runner, prompt(3, 40)));
      assertEquals(1, drafter.forgotten.get());
      assertEquals(0, after.usage().cachedTokens());
      assertEquals(before.usage().drafts(), after.usage().drafts());
    }
  }
}
