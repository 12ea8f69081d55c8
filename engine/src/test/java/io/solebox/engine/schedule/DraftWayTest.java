package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guess;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.sample.Sampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a draft model's way through prompts takes, by a clock that only steps move. */
@Timeout(60)
class DraftWayTest {
  private static final int STEP = 64;
  private static final int CONTEXT = 1200;
  private static final int PROMPT_TOKENS = 640;
  private static final long MILLIS = 1_000_000;
  private static final Limits LIMITS = PretendedPlan.limits(CONTEXT, STEP);
  private static final StateSlots NO_SLOTS = new StateSlots(0, 0, (_, _) -> {});

  private long now;

  /** A plan whose steps take time. */
  private final class Timed implements Plan {
    private final Plan plan;
    private final long nanosPerStep;
    private final long nanosPerToken;
    private int tokens;

    Timed(Plan plan, long nanosPerStep, long nanosPerToken) {
      this.plan = plan;
      this.nanosPerStep = nanosPerStep;
      this.nanosPerToken = nanosPerToken;
    }

    @Override
    public List<Integer> kvBlocks() {
      return plan.kvBlocks();
    }

    @Override
    public int slots() {
      return plan.slots();
    }

    @Override
    public void copySlot(int from, int to) {
      plan.copySlot(from, to);
    }

    @Override
    public long bytes(KeptPlace place) {
      return plan.bytes(place);
    }

    @Override
    public void read(KeptPlace place, MemorySegment to) {
      plan.read(place, to);
    }

    @Override
    public void write(KeptPlace place, MemorySegment from) {
      plan.write(place, from);
    }

    @Override
    public void run(Batch batch, Outputs outputs) {
      plan.run(batch, outputs);
      tokens += batch.size();
      now += nanosPerStep + nanosPerToken * batch.size();
    }

    @Override
    public void close() {
      plan.close();
    }
  }

  /** A tenth as large as the model for which it guesses, in whose steps few tokens are one. */
  private Timed draft(int before) {
    return new Timed(new CachingPlan(200, before, 3), 10 * MILLIS, 2 * MILLIS);
  }

  private static int[] prompt(int first) {
    return IntStream.range(0, PROMPT_TOKENS).map(i -> (first + 11 * i) % 64).toArray();
  }

  /** Answers one after the other, as by one engine loop. */
  private final class Answers implements AutoCloseable {
    private final Plan plan = new Timed(new CachingPlan(200, 2, 3), 95 * MILLIS, 5 * MILLIS);
    private final SequencePools pools =
        new SequencePools(CachingPlan.graph(), plan.kvBlocks(), NO_SLOTS, STEP);
    private final Scheduler scheduler = new Scheduler(new FirstCome(), 8, STEP, STEP);
    private final Arena arena = Arena.ofConfined();
    private final Outputs outputs =
        new Outputs(arena, STEP, Sampler.MAX_CANDIDATES, CachingPlan.VOCABULARY);
    private final Speculator speculator;

    Answers(Guessing guessing) {
      speculator = new Speculator(guessing, STEP, STEP, () -> now);
    }

    /** Nanoseconds of an answer. */
    long answer(int first, int tokens) {
      var request = GenerationRequest.of(prompt(first), SamplingParams.greedy(tokens));
      var sampler = new Sampler(request.sampling(), Optional.empty(), prompt(first), STEP, 0);
      var work =
          new AnswerWork(
              request,
              new Owner("", 1),
              0,
              sampler,
              Set.of(),
              CONTEXT,
              true,
              new QueuedGeneration(() -> {}));
      var sequence = new Sequence(prompt(first), work, pools.newSequence());
      scheduler.add(sequence);
      long begin = now;
      while (!work.isDone()) {
        var step = new StepBatch(speculator.extend(scheduler.schedule(STEP), STEP));
        step.begin();
        long stepBegin = now;
        outputs.begin();
        plan.run(step.batch(), outputs);
        step.deliver(outputs);
        speculator.ran(now - stepBegin);
      }
      scheduler.remove(sequence);
      speculator.forget(sequence);
      return now - begin;
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  private long plain(int first, int tokens) {
    try (var answers = new Answers(Guessing.NONE)) {
      return answers.answer(first, tokens);
    }
  }

  private static Drafter drafter(Plan plan) {
    return new ModelDrafter(CachingPlan.graph(), plan, LIMITS, () -> {});
  }

  /** It would take as long as the answer. */
  @Test
  void anAnswerThatWillBeShortIsNotWorthTheWayThroughItsPrompt() {
    Timed draft = draft(2);
    try (var answers = new Answers(Guessing.with(drafter(draft), 7))) {
      long guessed = answers.answer(3, 10);
      assertTrue(guessed <= plain(3, 10), guessed + " ns");
      assertEquals(0, draft.tokens);
    }
  }

  @Test
  void anAnswerThatMayBeLongIs() {
    try (var answers = new Answers(Guessing.with(drafter(draft(2)), 7))) {
      long guessed = answers.answer(3, 300);
      assertTrue(2 * guessed < plain(3, 300), guessed + " ns");
    }
  }

  /** After an answer or two it is known that the ways do not pay. */
  @Test
  void aDraftModelThatIsMostlyWrongDoesNotGoOnReadingPrompts() {
    Timed draft = draft(3);
    long guessed = 0;
    long plain = 0;
    try (var answers = new Answers(Guessing.with(drafter(draft), 7))) {
      for (int i = 0; i < 8; i++) {
        guessed += answers.answer(i, 200);
        plain += plain(i, 200);
      }
    }
    assertTrue(draft.tokens < 2 * PROMPT_TOKENS + 100, draft.tokens + " tokens");
    assertTrue(guessed < 1.03 * plain, guessed + " ns, not " + plain);
  }

  @Test
  void whoIsNearIsGuessedForBesideWhoIsFarBehind() {
    try (var drafter = drafter(new CachingPlan(200, 2, 3))) {
      int[] far = prompt(1);
      int[] near = {4, 5, 6};
      Guess ofFar = guess(far);
      Guess ofNear = guess(near);
      drafter.extend(
          List.of(
              new Drafter.Task(drafter.follow(), far, far.length, ofFar),
              new Drafter.Task(drafter.follow(), near, near.length, ofNear)));
      assertEquals(0, ofFar.size());
      assertEquals(5, ofNear.size());
    }
  }

  private static Guess guess(int[] prompt) {
    var sampler = new Sampler(SamplingParams.greedy(9), Optional.empty(), prompt, STEP, 0);
    return new Guess(sampler, Set.of(), 5);
  }
}
