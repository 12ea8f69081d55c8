package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.sample.Sampler;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When guesses are run, by a clock that says what the test wants. */
@Timeout(60)
class SpeculatorTest {
  private static final int STEP = 64;
  private static final int[] PROMPT = {1, 2, 3};
  private static final long MILLIS = 1_000_000;

  /** Steps of a few tokens take hardly longer than of one. */
  private static final LongUnaryOperator BOUND_BY_MEMORY = n -> (95 + 5 * n) * MILLIS;

  /** Each token takes as long as the first. */
  private static final LongUnaryOperator BOUND_BY_COMPUTING = n -> 100 * n * MILLIS;

  /**
   * Knows the answer, and says it where it is asked for.
   *
   * @param isRight by length of the sequence, whether it guesses what will be said
   */
  private record Knowing(int[] answer, IntPredicate isRight, boolean isFree) implements Drafter {
    @Override
    public Track follow() {
      return () -> {};
    }

    @Override
    public void extend(List<Task> tasks) {
      for (Task task : tasks) {
        task.guess().evidence(3);
        boolean right = isRight.test(task.length());
        for (int i = task.length() - PROMPT.length; i < answer.length; i++) {
          task.guess().add(right ? answer[i] : (answer[i] + 1) % CachingPlan.VOCABULARY);
        }
      }
    }

    @Override
    public double prior(int evidence) {
      return 0.9;
    }

    @Override
    public void forgetContents() {}

    @Override
    public void close() {}
  }

  /** How answers went. */
  private record Course(int[] ids, long nanos, long drafted, long accepted, List<Integer> sizes) {
    /** Guessed ids in the steps from one on. */
    int guessedFrom(int step) {
      return sizes.subList(step, sizes.size()).stream().mapToInt(n -> n - 1).sum();
    }
  }

  private static final StateSlots NO_SLOTS = new StateSlots(0, 0, (_, _) -> {});

  private static Course run(Guessing guessing, LongUnaryOperator cost, int answers, int tokens) {
    var plan = new CachingPlan(200, 3, 3);
    var pools = new SequencePools(CachingPlan.graph(), plan.kvBlocks(), NO_SLOTS, STEP);
    var scheduler = new Scheduler(new FirstCome(), 32, STEP, STEP);
    var speculator = new Speculator(guessing, STEP, STEP);
    var sequences = new ArrayList<Sequence>();
    for (int i = 0; i < answers; i++) {
      var request = GenerationRequest.of(PROMPT, SamplingParams.greedy(tokens));
      var sampler =
          new Sampler(request.sampling(), Optional.empty(), PROMPT, CachingPlan.VOCABULARY, 0);
      var work =
          new AnswerWork(
              request,
              new Owner("", 1),
              0,
              sampler,
              Set.of(),
              1000,
              true,
              new QueuedGeneration(() -> {}));
      sequences.add(new Sequence(PROMPT, work, pools.newSequence()));
      scheduler.add(sequences.getLast());
    }
    var sizes = new ArrayList<Integer>();
    long nanos = 0;
    try (Arena arena = Arena.ofConfined()) {
      var outputs = new Outputs(arena, STEP, Sampler.MAX_CANDIDATES, CachingPlan.VOCABULARY);
      while (sequences.stream().anyMatch(s -> !s.work().isDone())) {
        var step = new StepBatch(speculator.extend(scheduler.schedule(STEP), STEP));
        step.begin();
        outputs.begin();
        plan.run(step.batch(), outputs);
        step.deliver(outputs);
        long took = cost.applyAsLong(step.batch().size());
        speculator.ran(took);
        nanos += took;
        sizes.add(step.batch().size());
        step.sequences().stream().filter(s -> s.work().isDone()).forEach(scheduler::remove);
      }
    }
    Sequence first = sequences.getFirst();
    int[] ids = new int[first.length() - PROMPT.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = first.id(PROMPT.length + i);
    }
    return new Course(ids, nanos, speculator.drafted(), speculator.accepted(), sizes);
  }

  private static Course plain(LongUnaryOperator cost, int answers, int tokens) {
    return run(Guessing.NONE, cost, answers, tokens);
  }

  private static Guessing knowing(Course course, IntPredicate isRight, boolean isFree) {
    return Guessing.with(new Knowing(course.ids(), isRight, isFree), 7);
  }

  @Test
  void rightGuessesRunAsFarAsTheyPay() {
    Course plain = plain(BOUND_BY_MEMORY, 1, 300);
    Course guessed = run(knowing(plain, _ -> true, true), BOUND_BY_MEMORY, 1, 300);
    assertEquals(guessed.drafted(), guessed.accepted());
    assertTrue(4 * guessed.nanos() < plain.nanos(), guessed.toString());
  }

  @Test
  void wrongGuessesCostHardlyAnything() {
    for (boolean isFree : new boolean[] {true, false}) {
      for (LongUnaryOperator cost : List.of(BOUND_BY_MEMORY, BOUND_BY_COMPUTING)) {
        Course plain = plain(cost, 1, 300);
        Course guessed = run(knowing(plain, _ -> false, isFree), cost, 1, 300);
        assertEquals(0, guessed.accepted());
        assertTrue(guessed.nanos() < 1.03 * plain.nanos(), guessed.toString());
      }
    }
  }

  @Test
  void rightGuessesThatTakeAsLongAsWhatTheySaveAreLeft() {
    Course plain = plain(BOUND_BY_COMPUTING, 1, 300);
    Course guessed = run(knowing(plain, _ -> true, true), BOUND_BY_COMPUTING, 1, 300);
    assertTrue(guessed.nanos() < 1.03 * plain.nanos(), guessed.toString());
    assertTrue(guessed.guessedFrom(guessed.sizes().size() / 2) < 10, guessed.toString());
  }

  @Test
  void whatWasTurnedDownComesBackWhenItIsRightAgain() {
    Course plain = plain(BOUND_BY_MEMORY, 1, 400);
    for (boolean isFree : new boolean[] {true, false}) {
      IntPredicate later = length -> length > 200;
      Course guessed = run(knowing(plain, later, isFree), BOUND_BY_MEMORY, 1, 400);
      assertTrue(guessed.accepted() > 100, guessed.toString());
    }
  }

  /** Many sequences fill a step already: one more token costs as much as it does for all. */
  @Test
  void underLoadNobodyRunsAhead() {
    LongUnaryOperator cost = n -> (n <= 8 ? 100 : 100 + 15 * (n - 8)) * MILLIS;
    Course plain = plain(cost, 16, 200);
    Course guessed = run(knowing(plain, length -> length % 2 == 0, true), cost, 16, 200);
    assertTrue(guessed.nanos() < 1.03 * plain.nanos(), guessed.toString());
    Course alone = run(knowing(plain, length -> length % 2 == 0, true), cost, 1, 200);
    assertTrue(alone.nanos() < 0.8 * plain(cost, 1, 200).nanos(), alone.toString());
  }
}
