package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.LookupDrafter;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.spill.SpillStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An answer that outgrows its context goes on as the model would behind a prompt of what stays, to
 * the id.
 */
@Timeout(60)
class ContextShiftTest {
  private static final int CONTEXT = 160;
  private static final Limits LIMITS = RememberingPlan.limits(CONTEXT, 48, 8);

  /** What keeps what of a sequence, and who guesses. */
  enum Kind {
    ATTENTION,
    WINDOW,
    HYBRID,
    RECURRENT,
    LOOKUP,
    DRAFT;

    Graph graph() {
      return switch (this) {
        case ATTENTION, LOOKUP, DRAFT -> CachingPlan.graph();
        case WINDOW -> CachingPlan.windowed(40);
        case HYBRID -> RememberingPlan.graph(true);
        case RECURRENT -> RememberingPlan.graph(false);
      };
    }

    Plan plan(int blocks) {
      return switch (this) {
        case ATTENTION, LOOKUP, DRAFT -> new CachingPlan(blocks, 50, 3);
        case WINDOW -> new CachingPlan(blocks, 40, 3);
        case HYBRID -> new RememberingPlan(List.of(blocks), 12);
        case RECURRENT -> new RememberingPlan(List.of(), 12);
      };
    }

    Guessing guessing() {
      return switch (this) {
        case LOOKUP -> always(new LookupDrafter());
        case DRAFT -> {
          Plan twin = new CachingPlan(60, 50, 3);
          yield always(new ModelDrafter(CachingPlan.graph(), twin, LIMITS, () -> {}));
        }
        case ATTENTION, WINDOW, HYBRID, RECURRENT -> Guessing.NONE;
      };
    }

    private static Guessing always(Drafter drafter) {
      return new Guessing(drafter, 6, Guessing.When.ALWAYS);
    }

    PlanRunner runner(int blocks) {
      return new PlanRunner("test", graph(), plan(blocks), LIMITS, guessing());
    }
  }

  private record Answer(List<Integer> ids, Generation.End end) {
    int dropped() {
      return end.usage().droppedTokens();
    }
  }

  private static Answer answer(Generation generation) throws InterruptedException {
    var ids = new ArrayList<Integer>();
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {}
        case Generation.Token token -> ids.add(token.id());
        case Generation.End end -> {
          return new Answer(ids, end);
        }
        case Generation.Failed(var error) -> throw error;
      }
    }
  }

  private static Generation submit(PlanRunner runner, GenerationRequest request) {
    return runner.submit(request, 0, Set.of());
  }

  private static int[] prompt(int n) {
    return new Random(n).ints(n, 0, RememberingPlan.VOCABULARY).toArray();
  }

  /** What left the cache is found by the ids that stand there now, not by those of before. */
  @ParameterizedTest
  @EnumSource(names = {"ATTENTION", "WINDOW", "HYBRID", "RECURRENT"})
  void whatLeftTheCacheComesBackForTheIdsThatStay(Kind kind) throws InterruptedException {
    var shift = new ContextShift(CONTEXT, 10, 25);
    Plan plan = kind.plan(12);
    var store = new SpillStore(plan, () -> Long.MAX_VALUE, 1 << 20);
    try (var runner = new PlanRunner("test", kind.graph(), plan, LIMITS, Guessing.NONE, store)) {
      var running = new ArrayList<Generation>();
      for (int i = 0; i < 4; i++) {
        var request = GenerationRequest.of(prompt(40 + 11 * i), SamplingParams.greedy(300));
        running.add(submit(runner, request.withShift(shift)));
      }
      for (int i = 0; i < 4; i++) {
        Answer answer = answer(running.get(i));
        assertEquals(expected(kind, prompt(40 + 11 * i), 300, shift), answer.ids(), "answer " + i);
      }
      assertTrue(runner.stats().spill().spilled().pieces() > 0);
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  /** What must be said: each stretch is an answer to a prompt of what stays. */
  private static List<Integer> expected(Kind kind, int[] prompt, int n, ContextShift shift)
      throws InterruptedException {
    var said = new ArrayList<Integer>();
    int[] ids = prompt;
    while (true) {
      int stretch = Math.min(n - said.size(), shift.window() - ids.length);
      List<Integer> more;
      try (var fresh = new PlanRunner("fresh", kind.graph(), kind.plan(60), LIMITS)) {
        more =
            answer(submit(fresh, GenerationRequest.of(ids, SamplingParams.greedy(stretch)))).ids();
      }
      said.addAll(more);
      if (said.size() == n) {
        return said;
      }
      int[] all = IntStream.concat(Arrays.stream(ids), more.stream().mapToInt(i -> i)).toArray();
      ids =
          IntStream.concat(
                  Arrays.stream(all, 0, shift.keep()),
                  Arrays.stream(all, shift.keep() + shift.discard(), all.length))
              .toArray();
    }
  }

  private static void assertGoesOn(Kind kind, int[] prompt, int n, ContextShift shift)
      throws InterruptedException {
    List<Integer> expected = expected(kind, prompt, n, shift);
    try (PlanRunner runner = kind.runner(60)) {
      var request = GenerationRequest.of(prompt, SamplingParams.greedy(n)).withShift(shift);
      Answer answer = answer(submit(runner, request));
      assertEquals(expected, answer.ids());
      assertEquals(Generation.FinishReason.LENGTH, answer.end().reason());
      assertEquals(n, answer.end().usage().completionTokens());
      assertEquals(prompt.length, answer.end().usage().promptTokens());
      // The last id needs no room behind it.
      int shifts = Math.ceilDiv(prompt.length + n - shift.window(), shift.discard());
      assertEquals(shifts * shift.discard(), answer.dropped());
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStaysIsThePromptFromThereOn(Kind kind) throws InterruptedException {
    for (int keep : new int[] {0, 5, 64}) {
      assertGoesOn(kind, prompt(70), 300, ContextShift.half(CONTEXT, keep));
    }
  }

  @ParameterizedTest
  @CsvSource({"CONTEXT, 1", "33, 9", "120, 40", "40, 38"})
  void windowsAndSharesOfAnySize(String window, int discard) throws InterruptedException {
    int size = window.equals("CONTEXT") ? CONTEXT : Integer.parseInt(window);
    assertGoesOn(Kind.ATTENTION, prompt(20), 170, new ContextShift(size, 1, discard));
  }

  /** Several at once, in a pool that is too small for all of them. */
  @ParameterizedTest
  @EnumSource
  void neighboursAndPreemptionDoNotMatter(Kind kind) throws InterruptedException {
    var shift = ContextShift.half(CONTEXT, 10);
    try (PlanRunner runner = kind.runner(16)) {
      var running = new ArrayList<Generation>();
      for (int i = 0; i < 5; i++) {
        int[] prompt = prompt(40 + 11 * i);
        var request = GenerationRequest.of(prompt, SamplingParams.greedy(200));
        running.add(submit(runner, i % 2 == 0 ? request.withShift(shift) : request));
      }
      for (int i = 0; i < 5; i++) {
        int[] prompt = prompt(40 + 11 * i);
        Answer answer = answer(running.get(i));
        int n = i % 2 == 0 ? 200 : CONTEXT - prompt.length;
        assertEquals(expected(kind, prompt, n, shift), answer.ids(), "answer " + i);
        assertEquals(i % 2 == 0, answer.dropped() > 0);
      }
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  @Test
  void nothingIsDroppedUnasked() throws InterruptedException {
    try (PlanRunner runner = Kind.ATTENTION.runner(60)) {
      Answer answer =
          answer(submit(runner, GenerationRequest.of(prompt(100), SamplingParams.greedy(300))));
      assertEquals(CONTEXT - 100, answer.ids().size());
      assertEquals(Generation.FinishReason.LENGTH, answer.end().reason());
      assertEquals(0, answer.dropped());
    }
  }

  /** Chance and penalties go on as if nothing had happened: only what the model sees is less. */
  @Test
  void theSamplerRemembersWhatWasSaid() throws InterruptedException {
    var params = SamplingParams.builder().maxTokens(250).seed(4).frequencyPenalty(2).build();
    try (PlanRunner runner = Kind.ATTENTION.runner(60);
        PlanRunner guessing = Kind.DRAFT.runner(60)) {
      var request =
          GenerationRequest.of(prompt(70), params).withShift(ContextShift.half(CONTEXT, 8));
      Answer plain = answer(submit(runner, request));
      assertEquals(plain.ids(), answer(submit(guessing, request)).ids());
      assertTrue(plain.ids().stream().distinct().count() > 40);
    }
  }

  @Test
  void whoLeavesMeanwhileFreesWhatItHas() throws InterruptedException {
    try (PlanRunner runner = Kind.HYBRID.runner(60)) {
      var request =
          GenerationRequest.of(prompt(70), SamplingParams.greedy(1_000_000))
              .withShift(ContextShift.half(CONTEXT, 8));
      Generation generation = submit(runner, request);
      for (int tokens = 0; tokens < 400; ) {
        tokens += generation.next() instanceof Generation.Token ? 1 : 0;
      }
      generation.close();
      Answer rest = answer(generation);
      assertEquals(Generation.FinishReason.CANCELLED, rest.end().reason());
      assertTrue(rest.dropped() > 0);
      assertEquals(0, runner.stats().usedBlocks());
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    for (int[] bad : new int[][] {{10, -1, 2}, {10, 2, 0}, {10, 5, 5}, {10, 9, 1}}) {
      var error =
          assertThrows(SoleboxException.class, () -> new ContextShift(bad[0], bad[1], bad[2]));
      assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    }
    try (PlanRunner runner = Kind.ATTENTION.runner(60)) {
      var request = GenerationRequest.of(prompt(70), SamplingParams.greedy(5));
      assertEquals(
          ErrorCode.INVALID_PARAMETER, refusal(runner, request, ContextShift.half(CONTEXT + 1, 0)));
      assertEquals(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED, refusal(runner, request, ContextShift.half(70, 0)));
    }
  }

  private static ErrorCode refusal(
      PlanRunner runner, GenerationRequest request, ContextShift shift) {
    return assertThrows(SoleboxException.class, () -> submit(runner, request.withShift(shift)))
        .code();
  }
}
