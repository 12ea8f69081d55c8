package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.Sharing;
import io.solebox.engine.generation.UserWeights;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.spill.SpillStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Smaller steps with rests between them, and the same answers. */
@Timeout(30)
class PacingTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Limits LIMITS = PretendedPlan.limits(200, 32);

  private volatile double share = 1;

  @Test
  void takesAShareOfTheTokensAndOfTheTime() {
    Pacing pacing = new Pacing(() -> share);
    pacing.ran(SECOND / 10, SECOND);
    assertEquals(0, pacing.restNanos(SECOND));
    assertEquals(512, pacing.tokens(512));
    share = 0.25;
    assertEquals(128, pacing.tokens(512));
    assertEquals(1, pacing.tokens(1));
    pacing.ran(SECOND / 10, SECOND);
    assertEquals(3 * SECOND / 10, pacing.restNanos(SECOND));
    assertEquals(SECOND / 10, pacing.restNanos(SECOND + 2 * SECOND / 10));
    assertEquals(0, pacing.restNanos(SECOND + 3 * SECOND / 10));
  }

  /** What is still under way when a rest begins is no rest. */
  @Test
  void restsBehindAllStepsThatWereUnderWay() {
    share = 0.5;
    Pacing pacing = new Pacing(() -> share);
    pacing.ran(SECOND / 10, SECOND);
    pacing.ran(SECOND / 20, SECOND + SECOND / 20);
    assertEquals(SECOND / 5 - SECOND / 20, pacing.restNanos(SECOND + SECOND / 20));
  }

  @Test
  void restsNoLongerThanASecondAndNotOnceItMayGoOn() {
    share = 0.01;
    Pacing pacing = new Pacing(() -> share);
    pacing.ran(SECOND, 0);
    assertEquals(SECOND, pacing.restNanos(0));
    share = 1;
    assertEquals(0, pacing.restNanos(0));
  }

  @Test
  void answersAreTheSameInSmallerSteps() throws InterruptedException {
    int[] prompt = IntStream.range(0, 100).map(i -> i % 10).toArray();
    PretendedPlan plan = new PretendedPlan(40);
    share = 0.25;
    try (var runner =
        new PlanRunner(
            "test",
            PretendedPlan.graph(new Mask.Causal()),
            plan,
            LIMITS,
            Guessing.NONE,
            SpillStore.off(),
            new Sharing(UserWeights.EQUAL, () -> share))) {
      GenerationRequest request = GenerationRequest.of(prompt, SamplingParams.greedy(2));
      List<Integer> ids = new ArrayList<>();
      List<Integer> computed = new ArrayList<>();
      try (Generation generation = runner.submit(request, 0, Set.of())) {
        Generation.Event event = generation.next();
        while (!(event instanceof Generation.End)) {
          if (event instanceof Generation.Token token) {
            ids.add(token.id());
          } else if (event instanceof Generation.Prefilling(int done, _, _)) {
            computed.add(done);
          }
          event = generation.next();
        }
      }
      assertEquals(List.of(10, 11), ids);
      assertTrue(computed.contains(8) && computed.contains(16), computed.toString());
    }
  }
}
