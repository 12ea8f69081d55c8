package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.LookupDrafter;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How answers end that run ahead, and whose guesses are another variant's. */
@Timeout(60)
class SpeculationEndsTest {
  private static final Limits LIMITS = PretendedPlan.limits(400, 64);
  private static final int[] PROMPT = {5, 9, 5, 9, 20, 31};

  /** Guesses rightly, and takes its time. */
  private static final class Slow implements Drafter {
    private final Drafter drafter = twin();
    private volatile long millis;

    @Override
    public Track follow() {
      return drafter.follow();
    }

    @Override
    public void extend(List<Task> tasks) {
      drafter.extend(tasks);
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
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
      drafter.forgetContents();
    }

    @Override
    public void close() {
      drafter.close();
    }
  }

  private static Drafter twin() {
    return new ModelDrafter(CachingPlan.graph(), new CachingPlan(60, 2, 3), LIMITS, () -> {});
  }

  private static PlanRunner runner(Guessing guessing) {
    return new PlanRunner("test", CachingPlan.graph(), new CachingPlan(60, 2, 3), LIMITS, guessing);
  }

  private static PlanRunner runner(Drafter drafter) {
    return runner(new Guessing(drafter, 6, Guessing.When.ALWAYS));
  }

  private static GenerationRequest request(int tokens) {
    return GenerationRequest.of(PROMPT, SamplingParams.greedy(tokens));
  }

  /** What came of a request. */
  private record Outcome(List<Integer> ids, Generation.Event end) {
    Generation.Usage usage() {
      return ((Generation.End) end).usage();
    }

    ErrorCode failure() {
      return ((Generation.Failed) end).error().code();
    }
  }

  private static Outcome read(Generation generation) throws InterruptedException {
    var ids = new ArrayList<Integer>();
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {}
        case Generation.Token token -> ids.add(token.id());
        case Generation.End end -> {
          return new Outcome(ids, end);
        }
        case Generation.Failed failed -> {
          return new Outcome(ids, failed);
        }
      }
    }
  }

  private static Outcome run(PlanRunner runner, GenerationRequest request, int variant)
      throws InterruptedException {
    return read(runner.submit(request, variant, Set.of()));
  }

  @Test
  void whoIsCancelledLeavesNothingToWhoComesNext() throws InterruptedException {
    var drafter = new Slow();
    try (var plain = runner(Guessing.NONE);
        var runner = runner(drafter)) {
      drafter.millis = 5; // or the answer ends before it is closed
      Generation generation = runner.submit(request(300), 0, Set.of());
      while (!(generation.next() instanceof Generation.Token)) {}
      generation.close();
      Outcome cancelled = read(generation);
      var end = (Generation.End) cancelled.end();
      assertEquals(Generation.FinishReason.CANCELLED, end.reason());
      assertTrue(end.usage().drafts().orElseThrow().accepted() <= cancelled.ids().size());
      assertEquals(0, runner.stats().usedBlocks());
      drafter.millis = 0;
      assertEquals(run(plain, request(100), 0).ids(), run(runner, request(100), 0).ids());
    }
  }

  @Test
  void whoIsTooLateLeavesNothingToWhoComesNext() throws InterruptedException {
    var drafter = new Slow();
    try (var plain = runner(Guessing.NONE);
        var runner = runner(drafter)) {
      drafter.millis = 50;
      Outcome late = run(runner, request(300).withDeadline(Duration.ofMillis(120)), 0);
      assertEquals(ErrorCode.DEADLINE_EXCEEDED, late.failure());
      assertEquals(0, runner.stats().usedBlocks());
      drafter.millis = 0;
      List<Integer> all = run(plain, request(100), 0).ids();
      assertEquals(all, run(runner, request(100), 0).ids());
      assertEquals(all.subList(0, late.ids().size()), late.ids());
    }
  }

  /** After 30 ids there is nothing to say. */
  private static final class Thirty implements TokenConstraint {
    private int said;

    @Override
    public TokenMask allowed() {
      return new TokenMask(new long[] {said < 30 ? -1L : 0});
    }

    @Override
    public void said(int id) {
      assertTrue(said++ < 30);
    }

    @Override
    public TokenConstraint fork() {
      var fork = new Thirty();
      fork.said = said;
      return fork;
    }
  }

  @Test
  void whereNothingMayBeSaidNothingIsGuessedEither() throws InterruptedException {
    List<Integer> expected;
    try (var plain = runner(Guessing.NONE)) {
      expected = run(plain, request(30), 0).ids();
    }
    for (Drafter drafter : List.of(twin(), new LookupDrafter())) {
      try (var runner = runner(drafter)) {
        Outcome outcome = run(runner, request(100).withConstraint(new Thirty()), 0);
        assertEquals(ErrorCode.NOTHING_ALLOWED, outcome.failure());
        assertEquals(expected, outcome.ids());
        assertTrue(drafter.isFree() || runner.stats().acceptedTokens() > 0);
      }
    }
  }

  /** A draft model guesses without adapters, and the answers are theirs all the same. */
  @Test
  void answersOfAdaptersAreTheirOwnWhoeverGuesses() throws InterruptedException {
    for (Drafter drafter : List.of(twin(), new LookupDrafter())) {
      try (var plain = runner(Guessing.NONE);
          var runner = runner(drafter)) {
        List<Generation> running =
            IntStream.range(0, 6)
                .mapToObj(i -> runner.submit(request(200), i % 3, Set.of()))
                .toList();
        List<Outcome> outcomes = new ArrayList<>();
        for (Generation generation : running) {
          outcomes.add(read(generation));
        }
        int drafted = 0;
        for (int i = 0; i < outcomes.size(); i++) {
          assertEquals(run(plain, request(200), i % 3).ids(), outcomes.get(i).ids());
          drafted += outcomes.get(i).usage().drafts().orElseThrow().drafted();
        }
        assertTrue(drafted > 20, "drafted " + drafted);
        assertNotEquals(outcomes.get(0).ids(), outcomes.get(1).ids());
      }
    }
  }
}
