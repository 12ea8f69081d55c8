package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.LookupDrafter;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a constraint leaves no choice about is said without steps of its own. */
@Timeout(60)
class ForcedTokensTest {
  private static final Limits LIMITS = PretendedPlan.limits(400, 64);
  private static final int[] PROMPT = {5, 9, 5, 9, 20, 31};

  /** After every free id come the ids 1 to 4. */
  private static final class Verses implements TokenConstraint {
    private static final int LINES = 5;

    private final boolean tells;
    private int said;

    Verses(boolean tells) {
      this.tells = tells;
    }

    private OptionalInt only() {
      int line = said % LINES;
      return line == 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }

    @Override
    public TokenMask allowed() {
      return only().isPresent()
          ? new TokenMask(new long[] {1L << only().getAsInt()})
          : TokenMask.ALL;
    }

    @Override
    public OptionalInt forced() {
      return tells ? only() : OptionalInt.empty();
    }

    @Override
    public void said(int id) {
      assertTrue(allowed().allows(id));
      said++;
    }

    @Override
    public TokenConstraint fork() {
      var fork = new Verses(tells);
      fork.said = said;
      return fork;
    }
  }

  private record Outcome(List<Integer> ids, int completionTokens, int steps) {}

  private static Outcome run(Guessing guessing, SamplingParams params, boolean tells)
      throws InterruptedException {
    return run(guessing, GenerationRequest.of(PROMPT, params), tells);
  }

  private static Outcome run(Guessing guessing, GenerationRequest free, boolean tells)
      throws InterruptedException {
    var plan = new CachingPlan(60, 2, 3);
    try (var runner = new PlanRunner("test", CachingPlan.graph(), plan, LIMITS, guessing)) {
      GenerationRequest request = free.withConstraint(new Verses(tells));
      Generation generation = runner.submit(request, 0, Set.of());
      var ids = new ArrayList<Integer>();
      while (true) {
        switch (generation.next()) {
          case Generation.Queued _, Generation.Prefilling _ -> {}
          case Generation.Token token -> ids.add(token.id());
          case Generation.End end -> {
            assertEquals(0, runner.stats().usedBlocks());
            return new Outcome(ids, end.usage().completionTokens(), plan.steps);
          }
          case Generation.Failed failed -> throw new AssertionError(failed.error());
        }
      }
    }
  }

  private static SamplingParams tokens(int most) {
    return SamplingParams.builder().maxTokens(most).seed(4).build();
  }

  @Test
  void forcedIdsTakeNoStepsAndChangeNothing() throws InterruptedException {
    Outcome slow = run(Guessing.NONE, tokens(50), false);
    Outcome fast = run(Guessing.NONE, tokens(50), true);
    assertEquals(slow.ids(), fast.ids());
    assertEquals(50, fast.completionTokens());
    assertEquals(50, slow.steps());
    assertEquals(10, fast.steps());
  }

  @Test
  void aLimitEndsThemWhereItIs() throws InterruptedException {
    for (int most = 1; most < 12; most++) {
      assertEquals(most, run(Guessing.NONE, tokens(most), true).ids().size());
    }
  }

  @Test
  void guessesAndForcedIdsGoTogether() throws InterruptedException {
    Outcome plain = run(Guessing.NONE, tokens(60), true);
    var guessing = new Guessing(new LookupDrafter(), 6, Guessing.When.ALWAYS);
    assertEquals(plain.ids(), run(guessing, tokens(60), true).ids());
  }

  /** A constraint goes on where a context is full, and no forced id comes before there is room. */
  @Test
  void theyComeAsTheyWouldWhereAContextShifts() throws InterruptedException {
    var lookup = new Guessing(new LookupDrafter(), 6, Guessing.When.ALWAYS);
    for (int window = 20; window < 30; window++) {
      GenerationRequest request =
          GenerationRequest.of(PROMPT, tokens(100)).withShift(new ContextShift(window, 2, 7));
      Outcome slow = run(Guessing.NONE, request, false);
      assertEquals(100, slow.ids().size());
      assertEquals(slow.ids(), run(Guessing.NONE, request, true).ids(), "window " + window);
      assertEquals(slow.ids(), run(lookup, request, true).ids(), "window " + window);
    }
  }

  /** What is banned is never said, forced or not: the answer ends with the same error. */
  @Test
  void aBannedIdIsNotForced() {
    var params = SamplingParams.builder().maxTokens(20).seed(4).logitBias(Map.of(3, -100f)).build();
    for (boolean tells : new boolean[] {false, true}) {
      var failed = assertThrows(AssertionError.class, () -> run(Guessing.NONE, params, tells));
      var error = assertInstanceOf(SoleboxException.class, failed.getCause());
      assertEquals(ErrorCode.NOTHING_ALLOWED, error.code());
    }
  }

  /** Whoever wants to know how likely each id was has each computed. */
  @Test
  void probabilitiesAreThereForAll() throws InterruptedException {
    var params = SamplingParams.builder().maxTokens(20).seed(4).logprobs(1).build();
    assertEquals(20, run(Guessing.NONE, params, true).steps());
  }
}
