package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.LookupDrafter;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.graph.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers with guesses are the answers without them, id for id. */
@Timeout(60)
class SpeculationTest {
  private static final Limits LIMITS = PretendedPlan.limits(400, 64);
  private static final int[] PROMPT = {5, 9, 5, 9, 20, 31};

  /** Who guesses. */
  enum Who {
    /** Nobody. */
    NOBODY,
    /** The text itself. */
    LOOKUP,
    /** The same model, which is always right. */
    TWIN,
    /** One that knows less, and is right now and then. */
    OTHER,
    /** The same model with ids beyond those of the answers, which it likes. */
    PADDED;

    Guessing guessing() {
      return switch (this) {
        case NOBODY -> Guessing.NONE;
        case LOOKUP -> always(new LookupDrafter());
        case TWIN -> always(drafter(new CachingPlan(60, 2, 3)));
        case OTHER -> always(drafter(new CachingPlan(60, 1, 3)));
        case PADDED -> always(padded());
      };
    }

    private static Guessing always(Drafter drafter) {
      return new Guessing(drafter, 6, Guessing.When.ALWAYS);
    }

    private static Drafter padded() {
      int vocab = CachingPlan.VOCABULARY + 7;
      return new ModelDrafter(
          PretendedPlan.graph(new Mask.Causal(), vocab),
          new CachingPlan(60, 2, 3, vocab),
          LIMITS,
          () -> {});
    }

    private static Drafter drafter(CachingPlan plan) {
      return new ModelDrafter(CachingPlan.graph(), plan, LIMITS, () -> {});
    }
  }

  /** What came of some requests. */
  private record Outcome(
      List<List<Integer>> ids, List<Generation.End> ends, int steps, long preemptions) {
    int drafted() {
      return ends.stream().mapToInt(e -> e.usage().drafts().orElseThrow().drafted()).sum();
    }

    int accepted() {
      return ends.stream().mapToInt(e -> e.usage().drafts().orElseThrow().accepted()).sum();
    }
  }

  private static Outcome run(
      Guessing guessing, int blocks, Set<Integer> stopIds, Supplier<List<GenerationRequest>> asked)
      throws InterruptedException {
    var plan = new CachingPlan(blocks, 2, 3);
    try (var runner = new PlanRunner("test", CachingPlan.graph(), plan, LIMITS, guessing)) {
      var allWait = new CompletableFuture<Void>(); // who gives way hangs on no thread's pace
      plan.beforeStep(allWait::join);
      var running = new ArrayList<Generation>();
      for (GenerationRequest request : asked.get()) {
        running.add(runner.submit(request, 0, stopIds));
      }
      allWait.complete(null);
      Outcome outcome = read(running, plan);
      assertEquals(0, runner.stats().usedBlocks());
      return new Outcome(
          outcome.ids(), outcome.ends(), outcome.steps(), runner.stats().preemptions());
    }
  }

  private static Outcome read(List<Generation> running, CachingPlan plan)
      throws InterruptedException {
    var ids = new ArrayList<List<Integer>>();
    var ends = new ArrayList<Generation.End>();
    int guessed = 0;
    for (Generation generation : running) {
      ids.add(new ArrayList<>());
      while (ends.size() < ids.size()) {
        switch (generation.next()) {
          case Generation.Queued _, Generation.Prefilling _ -> {}
          case Generation.Token token -> {
            ids.getLast().add(token.id());
            guessed += token.guessed() ? 1 : 0;
          }
          case Generation.End end -> {
            ends.add(end);
            assertEquals(end.usage().drafts().map(Generation.Drafts::accepted).orElse(0), guessed);
            guessed = 0;
          }
          case Generation.Failed(var error) -> throw error;
        }
      }
    }
    return new Outcome(ids, ends, plan.steps, 0);
  }

  private static Outcome run(Who who, SamplingParams... params) throws InterruptedException {
    return run(
        who.guessing(),
        60,
        Set.of(),
        () -> Stream.of(params).map(p -> GenerationRequest.of(PROMPT, p)).toList());
  }

  private static SamplingParams.Builder params() {
    return SamplingParams.builder().maxTokens(120).seed(3);
  }

  /** All ways in which an id can be chosen. */
  private static SamplingParams[] ways() {
    return new SamplingParams[] {
      params().temperature(0).build(),
      params().temperature(0).repetitionPenalty(1.3).frequencyPenalty(0.4).build(),
      params().temperature(0.8).build(),
      params().temperature(1.2).topK(8).presencePenalty(0.5).build(),
      params().topP(0.9).logitBias(Map.of(4, 3f, 7, -100f)).build(),
      params().minP(0.05).repetitionPenalty(1.1).repetitionWindow(9).build(),
      params().typicalP(0.8).build(),
      params().temperature(0.7).logprobs(3).build()
    };
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOBODY")
  void everyWayOfSamplingSaysTheSame(Who who) throws InterruptedException {
    int drafted = 0;
    for (SamplingParams params : ways()) {
      Outcome plain = run(Who.NOBODY, params);
      Outcome guessed = run(who, params);
      assertEquals(plain.ids(), guessed.ids(), params.toString());
      assertEquals(plain.ends().getFirst().reason(), guessed.ends().getFirst().reason());
      drafted += guessed.drafted();
    }
    assertTrue(drafted > 20, "drafted " + drafted);
  }

  /** Several sequences in one step, more than run at once, in a pool too small for all of them. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOBODY")
  void neighboursAndPreemptionDoNotMatter(Who who) throws InterruptedException {
    Supplier<List<GenerationRequest>> asked =
        () ->
            IntStream.range(0, 12)
                .mapToObj(i -> IntStream.range(0, 20 + 7 * i).map(j -> (i + j) % 5).toArray())
                .map(ids -> GenerationRequest.of(ids, ways()[ids.length % ways().length]))
                .toList();
    Outcome plain = run(Guessing.NONE, 60, Set.of(), asked);
    Outcome guessed = run(who.guessing(), 20, Set.of(), asked);
    assertEquals(plain.ids(), guessed.ids());
    assertTrue(guessed.drafted() > 0);
    assertTrue(guessed.preemptions() > 0);
  }

  @Test
  void aTwinIsAlwaysRightHoweverHotTheAnswer() throws InterruptedException {
    for (SamplingParams params : ways()) {
      Outcome plain = run(Who.NOBODY, params);
      Outcome guessed = run(Who.TWIN, params);
      assertEquals(guessed.drafted(), guessed.accepted(), params.toString());
      assertTrue(4 * guessed.steps() < plain.steps(), "steps " + guessed.steps());
    }
  }

  @Test
  void whatRepeatsItselfIsFoundAgain() throws InterruptedException {
    var params = params().temperature(0).maxTokens(300).build(); // of two ids, so it must loop
    Outcome plain = run(Who.NOBODY, params);
    Outcome guessed = run(Who.LOOKUP, params);
    assertEquals(plain.ids(), guessed.ids());
    assertTrue(guessed.accepted() > 30, "accepted " + guessed.accepted());
    assertTrue(guessed.steps() < plain.steps());
  }

  @ParameterizedTest
  @EnumSource(Who.class)
  void stopIdsEndAnswersWhereTheyStand(Who who) throws InterruptedException {
    var params = params().temperature(0).build();
    List<Integer> whole = run(Who.NOBODY, params).ids().getFirst();
    for (int at : new int[] {1, 17, 40}) {
      int stop = whole.get(at);
      Outcome outcome =
          run(
              who.guessing(),
              60,
              Set.of(stop),
              () -> List.of(GenerationRequest.of(PROMPT, params)));
      assertEquals(whole.subList(0, whole.indexOf(stop)), outcome.ids().getFirst());
      assertEquals(Generation.FinishReason.STOP, outcome.ends().getFirst().reason());
      assertEquals(whole.indexOf(stop) + 1, outcome.ends().getFirst().usage().completionTokens());
    }
  }

  @ParameterizedTest
  @EnumSource(Who.class)
  void theContextAndTheLengthEndAnswersWhereTheyDid(Who who) throws InterruptedException {
    var params = params().temperature(0).ignoreEndOfGeneration(true);
    for (int tokens : new int[] {1, 2, 3, 8, 1000}) {
      Outcome outcome = run(who, params.maxTokens(tokens).build());
      int expected = Math.min(tokens, LIMITS.maxSequenceTokens() - PROMPT.length);
      assertEquals(expected, outcome.ids().getFirst().size());
      assertEquals(Generation.FinishReason.LENGTH, outcome.ends().getFirst().reason());
    }
  }

  /** Ids alternate between even and odd ones. */
  private static final class Alternating implements TokenConstraint {
    private int said;

    @Override
    public TokenMask allowed() {
      return new TokenMask(new long[] {said % 2 == 0 ? 0x5555555555555555L : 0xaaaaaaaaaaaaaaaaL});
    }

    @Override
    public void said(int id) {
      assertTrue(allowed().allows(id), "said " + id + " in place " + said);
      said++;
    }

    @Override
    public TokenConstraint fork() {
      var fork = new Alternating();
      fork.said = said;
      return fork;
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOBODY")
  void aConstraintHoldsOnEveryWay(Who who) throws InterruptedException {
    int drafted = 0;
    for (SamplingParams params : ways()) {
      Supplier<List<GenerationRequest>> asked =
          () -> List.of(GenerationRequest.of(PROMPT, params).withConstraint(new Alternating()));
      Outcome plain = run(Guessing.NONE, 60, Set.of(), asked);
      Outcome guessed = run(who.guessing(), 60, Set.of(), asked);
      assertEquals(plain.ids(), guessed.ids(), params.toString());
      drafted += guessed.drafted();
    }
    assertTrue(drafted > 20, "drafted " + drafted);
  }

  /** Without a seed as well: the first ids of many answers come as often as they should. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOBODY")
  void theDistributionIsKept(Who who) throws InterruptedException {
    int n = 1500;
    double[][] counts = new double[2][CachingPlan.VOCABULARY];
    for (Who one : new Who[] {Who.NOBODY, who}) {
      var random = SamplingParams.builder().maxTokens(4).topK(6).build();
      Outcome outcome =
          run(
              one.guessing(),
              60,
              Set.of(),
              () ->
                  IntStream.range(0, n)
                      .mapToObj(_ -> GenerationRequest.of(PROMPT, random))
                      .toList());
      outcome.ids().forEach(ids -> counts[one == who ? 1 : 0][ids.get(2)]++);
    }
    double chiSquare = 0;
    int cells = 0;
    for (int id = 0; id < CachingPlan.VOCABULARY; id++) {
      double both = counts[0][id] + counts[1][id];
      if (both >= 20) {
        double difference = counts[0][id] - counts[1][id];
        chiSquare += difference * difference / both;
        cells++;
      }
    }
    // Six deviations above what two samples of one distribution differ by.
    assertTrue(cells > 4, "cells " + cells);
    assertTrue(chiSquare < cells + 6 * Math.sqrt(2.0 * cells), chiSquare + " of " + cells);
  }

  /** Where blocks slide out of a window, none leaves for a guess that is taken back. */
  @Test
  void windowsDoNotSlideOverGuesses() throws InterruptedException {
    var params = params().temperature(0).maxTokens(200).build();
    List<List<Integer>> answers = new ArrayList<>();
    for (Who who : List.of(Who.NOBODY, Who.LOOKUP, Who.OTHER)) {
      var target = new CachingPlan(4, 40, 3);
      var other =
          new ModelDrafter(CachingPlan.windowed(40), new CachingPlan(4, 3, 3), LIMITS, () -> {});
      Guessing guessing = who == Who.OTHER ? Who.always(other) : who.guessing();
      try (var runner =
          new PlanRunner("test", CachingPlan.windowed(40), target, LIMITS, guessing)) {
        Outcome outcome =
            read(List.of(runner.submit(GenerationRequest.of(PROMPT, params), 0, Set.of())), target);
        answers.add(outcome.ids().getFirst());
        assertTrue(who == Who.NOBODY || outcome.drafted() > 5);
      }
    }
    assertEquals(200, answers.getFirst().size());
    assertEquals(1, Set.copyOf(answers).size());
  }

  @Test
  void whoAsksForNoGuessesGetsNone() throws InterruptedException {
    Outcome outcome =
        run(
            Who.TWIN.guessing(),
            60,
            Set.of(),
            () ->
                List.of(
                    GenerationRequest.of(PROMPT, params().temperature(0).build())
                        .withSpeculation(false)));
    assertTrue(outcome.ends().getFirst().usage().drafts().isEmpty());
    assertEquals(120, outcome.steps());
  }
}
