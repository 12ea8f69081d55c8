package io.solebox.engine.schedule;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.LogitsSink;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.Sharing;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Value;
import io.solebox.engine.sample.Sampler;
import io.solebox.engine.spill.SpillStore;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A prepared plan and the loop that runs it: everything that can be asked of a graph. Safe for many
 * threads.
 */
public final class PlanRunner implements AutoCloseable {
  private final Graph graph;
  private final Limits limits;
  private final int vocab;
  private final Arena arena = Arena.ofShared();
  private final boolean isSpeculative;
  private final Owner.Names owners = new Owner.Names();
  private final SpillStore store;
  private final EngineLoop loop;

  /**
   * Starts the loop, in which nobody guesses ahead.
   *
   * @param name of its thread
   * @param graph of which {@code plan} was made; a whole one, or the plan chains all its stages
   * @param plan closed by the caller, after this
   * @param limits with which it was made
   */
  public PlanRunner(String name, Graph graph, Plan plan, Limits limits) {
    this(name, graph, plan, limits, Guessing.NONE);
  }

  /**
   * The same with guesses.
   *
   * @param graph without recurrent state, out of which no guess could be taken back
   * @param guessing whose drafter works on the loop's thread; closed by the caller, after this
   */
  public PlanRunner(String name, Graph graph, Plan plan, Limits limits, Guessing guessing) {
    this(name, graph, plan, limits, guessing, SpillStore.off());
  }

  /**
   * The same with a place for what leaves the cache.
   *
   * @param store closed with this
   */
  public PlanRunner(
      String name, Graph graph, Plan plan, Limits limits, Guessing guessing, SpillStore store) {
    this(name, graph, plan, limits, guessing, store, Sharing.EQUAL);
  }

  /**
   * The same, shared among users.
   *
   * @param sharing among users, and its pace
   */
  public PlanRunner(
      String name,
      Graph graph,
      Plan plan,
      Limits limits,
      Guessing guessing,
      SpillStore store,
      Sharing sharing) {
    this.store = store;
    this.graph = graph;
    this.limits = limits;
    this.vocab = graph.vocabulary().orElseThrow();
    int width = Math.max(graph.logits().map(Value::width).orElse(0), results(graph));
    // Guesses are made for one step at a time, from what the one before it has brought.
    int inFlight = guessing.isOn() ? 1 : plan.inFlight();
    List<Outputs> outputs =
        Stream.generate(() -> new Outputs(arena, limits.maxRows(), Sampler.MAX_CANDIDATES, width))
            .limit(inFlight)
            .toList();
    int stepTokens = limits.maxStepTokens();
    this.isSpeculative = guessing.isOn();
    var budget = new StepBudget(stepTokens, inFlight);
    var policy = new FairShares(sharing.weights(), budget::free);
    this.loop =
        new EngineLoop(
            name,
            plan,
            outputs,
            new SequencePools(
                graph, plan.kvBlocks(), StateSlots.of(plan, limits), stepTokens, store),
            new Scheduler(policy, limits.maxSequences(), stepTokens, limits.maxRows()),
            new Speculator(guessing, stepTokens, limits.maxRows()),
            budget,
            new Pacing(sharing.pace()));
  }

  private static int results(Graph graph) {
    return graph.end().results().getFirst().width();
  }

  /**
   * Queues an answer.
   *
   * @param variant of the model that answers: the number of an adapter, 0 for the model alone
   * @param stopIds that end it, beside those of its parameters
   * @throws SoleboxException {@code CONTEXT_LENGTH_EXCEEDED} with both counts if the prompt leaves
   *     no room for one token; {@code INVALID_PARAMETER} if it is empty, an id is out of range, or
   *     a shift is for another context; {@code UNSUPPORTED_MODEL} for a graph without logits
   */
  public Generation submit(GenerationRequest request, int variant, Set<Integer> stopIds) {
    requireLogits();
    int[] prompt = request.prompt();
    requireIds("prompt", prompt);
    requireIds(
        "logit_bias", request.sampling().logitBias().keySet().stream().mapToInt(i -> i).toArray());
    request.shift().ifPresent(this::requireWindow);
    int room = request.shift().map(ContextShift::window).orElse(limits.maxSequenceTokens());
    if (prompt.length >= room) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "prompt",
          "The prompt has %d tokens, but the context holds %d and must leave room for the answer."
              .formatted(prompt.length, room),
          "Shorten the prompt, or load the model with a larger --context.");
    }
    if (prompt.length == 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, "prompt", "The prompt is empty.", "Give it some text.");
    }
    var generation = new QueuedGeneration(loop::look);
    var sampler =
        new Sampler(
            request.sampling(),
            request.constraint(),
            prompt,
            vocab,
            ThreadLocalRandom.current().nextLong());
    loop.add(
        prompt,
        new AnswerWork(
            request,
            owners.of(request.user()),
            variant,
            sampler,
            stopIds,
            limits.maxSequenceTokens(),
            isSpeculative && request.speculates(),
            generation));
    return generation;
  }

  private void requireWindow(ContextShift shift) {
    if (shift.window() > limits.maxSequenceTokens()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "context_shift",
          "The window has %d tokens, but the context holds %d."
              .formatted(shift.window(), limits.maxSequenceTokens()),
          "Make it smaller, or load the model with a larger --context.");
    }
  }

  /**
   * The logits of the positions from {@code from} on; what stands before may come from the prefix
   * cache.
   *
   * @param variant of the model that computes them
   * @param sink receives them in order, on the loop's thread
   */
  public void logits(int variant, int[] ids, int from, LogitsSink sink, Requester who)
      throws InterruptedException {
    requireLogits();
    run(variant, ids, new Rows.Logits(from, sink), ids.length - 1, who);
  }

  /**
   * The natural logs of the probabilities that the model gives to the ids from {@code from} on,
   * each after all ids before it.
   *
   * @param variant of the model that computes them
   * @param from at least 1: nothing stands before the first id
   * @return [ids.length - from]
   */
  public float[] score(int variant, int[] ids, int from, Requester who)
      throws InterruptedException {
    requireLogits();
    if (from < 1 || from >= ids.length) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "ids",
          "There are %d ids, and those from the id %d on are to be scored."
              .formatted(ids.length, from),
          "Give at least two ids, and score from the second or a later one.");
    }
    var scores = new Rows.Scores(ids, from);
    run(variant, Arrays.copyOf(ids, ids.length - 1), scores, ids.length - 2, who);
    return scores.logprobs();
  }

  /**
   * Where the time of a decode step at {@code position} goes; empties the cache.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where the context does not hold it, or while
   *     answers run
   */
  public Optional<StepProfile> profile(int position) throws InterruptedException {
    requireLogits();
    if (position < 0 || position >= limits.maxSequenceTokens()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "profile",
          "The position %d is not in the context of %d tokens."
              .formatted(position, limits.maxSequenceTokens()),
          "Load the model with a larger --context.");
    }
    return await(loop.profile(position));
  }

  /**
   * Hidden states f32 [rows, E] of each sequence, as the graph gives them for a row. All are queued
   * at once, and so share steps.
   *
   * @param variant of the model that computes them
   */
  public List<float[][]> encode(
      int variant, List<int[]> sequences, HiddenRows wanted, Requester who)
      throws InterruptedException {
    List<Rows.Hidden> rows = sequences.stream().map(ids -> hidden(ids.length, wanted)).toList();
    var works = new ArrayList<RowWork>();
    Owner owner = owners.of(who.user());
    rows.forEach(
        of ->
            works.add(
                new RowWork(of, owner, who.priority(), variant, of.last(), graph.seesAhead())));
    run(sequences, works);
    return rows.stream().map(Rows.Hidden::states).toList();
  }

  private Rows.Hidden hidden(int length, HiddenRows wanted) {
    int last = Math.max(0, length - 1);
    return switch (wanted) {
      case FIRST -> new Rows.Hidden(0, 0, results(graph));
      case LAST -> new Rows.Hidden(last, last, results(graph));
      case ALL -> new Rows.Hidden(0, last, results(graph));
    };
  }

  private void run(int variant, int[] ids, RowWork.Rows rows, int last, Requester who)
      throws InterruptedException {
    Owner owner = owners.of(who.user());
    var work = new RowWork(rows, owner, who.priority(), variant, last, graph.seesAhead());
    run(List.of(ids), List.of(work));
  }

  private void run(List<int[]> sequences, List<RowWork> works) throws InterruptedException {
    for (int[] ids : sequences) {
      requireIds("ids", ids);
      requireFits(ids);
    }
    for (int i = 0; i < works.size(); i++) {
      loop.add(sequences.get(i), works.get(i));
    }
    try {
      for (RowWork work : works) {
        await(work.result());
      }
    } catch (InterruptedException | RuntimeException e) {
      works.forEach(work -> work.result().cancel(false));
      loop.look();
      throw e;
    }
  }

  private static <T> T await(Future<T> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    }
  }

  private void requireLogits() {
    if (graph.logits().isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "model",
          "This model gives no logits, so it can neither answer nor score.",
          "It makes embeddings (`solebox embed`) or scores of texts (`solebox rerank`); for answers"
              + " load a model that generates text.");
    }
  }

  private void requireIds(String place, int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= vocab) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            place,
            "The id %d is not in the vocabulary of 0 to %d.".formatted(id, vocab - 1),
            "Use ids that this model's own tokenizer gives.");
      }
    }
  }

  private void requireFits(int[] ids) {
    int most =
        graph.seesAhead()
            ? Math.min(limits.maxSequenceTokens(), limits.maxStepTokens())
            : limits.maxSequenceTokens();
    if (ids.length == 0 || ids.length > most) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "ids",
          "There are %d ids; the context holds 1 to %d.".formatted(ids.length, most),
          "Give fewer, or load the model with a larger --context.");
    }
  }

  public LoopStats stats() {
    return loop.stats();
  }

  /** Why nothing is answered any more; empty while all is well. */
  public Optional<SoleboxException> ended() {
    return loop.ended();
  }

  /** Fails what is running with {@code CLOSED} and waits for the loop to end. */
  @Override
  public void close() {
    loop.close();
    closeStore();
  }

  /** The same with another error. */
  public void end(SoleboxException why) {
    loop.end(why);
    closeStore();
  }

  private void closeStore() {
    if (arena.scope().isAlive()) {
      try (arena) {
        store.close();
      }
    }
  }
}
