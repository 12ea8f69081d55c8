package io.solebox.engine.draft;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.sample.Sampler;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Guesses what a smaller model would say, by the sampler of the answer itself: with the same
 * temperature, penalties, constraint and random numbers. Where the two models agree the guess is
 * right, however hot the answer is sampled (Leviathan et al., arXiv:2211.17192, accept by chance
 * what here is the same by a shared number).
 *
 * <p>Owns the smaller model's cache: a sequence for each that it follows, behind by what was said
 * since the last guess. Longer ways, as a prompt, are gone a step at a time, and meanwhile nothing
 * is guessed for who goes them.
 */
public final class ModelDrafter implements Drafter {
  private static final double PRIOR = 0.7;

  /** Answers wait for a draft model's step as for one of their own. */
  public static final int MAX_STEP_TOKENS = 128;

  private final Plan plan;
  private final Limits limits;
  private final int vocab;
  private final Runnable whenClosed;
  private final Arena arena = Arena.ofShared();
  private final Outputs outputs;
  private final SequencePools pools;

  /**
   * @param graph of which {@code plan} was made, with logits and without recurrent state
   * @param plan closed with this
   * @param limits with which it was made
   * @param whenClosed runs after the plan was closed
   */
  public ModelDrafter(Graph graph, Plan plan, Limits limits, Runnable whenClosed) {
    this.plan = plan;
    this.limits = limits;
    this.vocab = graph.vocabulary().orElseThrow();
    this.whenClosed = whenClosed;
    int width = graph.logits().orElseThrow().width();
    this.outputs = new Outputs(arena, limits.maxRows(), Sampler.MAX_CANDIDATES, width);
    this.pools =
        new SequencePools(
            graph, plan.kvBlocks(), StateSlots.of(plan, limits), limits.maxStepTokens());
  }

  @Override
  public Track follow() {
    return new DraftTrack(pools.newSequence(), limits.maxSequenceTokens(), vocab);
  }

  /** A track and the guess that it is asked for. */
  private record Running(DraftTrack track, Guess guess) {}

  @Override
  public void extend(List<Task> tasks) {
    List<Running> running = new ArrayList<>();
    for (Task task : tasks) {
      var track = (DraftTrack) task.track();
      if (track.follow(task.ids(), task.length())) {
        running.add(new Running(track, task.guess()));
      }
    }
    // Who is near does not wait for who is far behind, and gets what a step has left.
    running.sort(Comparator.comparingInt(each -> each.track().uncomputed()));
    while (!running.isEmpty()) {
      running = step(running);
    }
  }

  /** Computes what is known of each and guesses one id behind it; returns those that go on. */
  private List<Running> step(List<Running> running) {
    var step = new DraftStep(Math.min(MAX_STEP_TOKENS, limits.maxStepTokens()));
    running.forEach(each -> step.add(each.track()));
    if (step.isEmpty()) {
      return List.of();
    }
    List<RowRequest> rows = new ArrayList<>();
    List<Running> asking = new ArrayList<>();
    for (Running each : running) {
      OptionalInt last = step.lastTokenOf(each.track());
      if (last.isPresent()) {
        rows.add(each.guess().sampler(each.guess().size()).guessRequest(last.getAsInt(), vocab));
        asking.add(each);
      }
    }
    outputs.begin();
    plan.run(step.batch(rows), outputs);
    step.ran();
    return answered(asking);
  }

  /** Takes the guessed ids; returns those that go on. */
  private List<Running> answered(List<Running> asking) {
    List<Running> further = new ArrayList<>();
    for (int slot = 0; slot < asking.size(); slot++) {
      Running each = asking.get(slot);
      Guess guess = each.guess();
      OptionalInt id = guess.sampler(guess.size()).guess(outputs, slot, vocab);
      if (id.isPresent()
          && guess.add(id.getAsInt())
          && guess.room() > 0
          && each.track().assume(id.getAsInt())) {
        further.add(each);
      }
    }
    return further;
  }

  @Override
  public boolean isFree() {
    return false;
  }

  @Override
  public double prior(int evidence) {
    return PRIOR;
  }

  @Override
  public void forgetContents() {
    pools.forgetContents();
  }

  @Override
  public void close() {
    plan.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
    whenClosed.run();
  }
}
