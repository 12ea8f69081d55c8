package io.solebox.planner.trial;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.Graph;
import io.solebox.planner.work.StepWork;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Steps of one sequence, against the clock. */
final class TrialSteps implements AutoCloseable {
  private static final int LEAST_STEPS = 3;
  private static final double LEAST_SECONDS = 0.1;

  private final Arena arena = Arena.ofConfined();
  private final Plan plan;
  private final StepWork work;
  private final int contextTokens;
  private final Outputs outputs;
  private final List<Batch.Sequence> sequence;

  TrialSteps(Backend backend, Graph graph, Limits limits) {
    this.work = StepWork.of(graph);
    this.contextTokens = limits.maxSequenceTokens();
    this.plan = backend.prepare(graph, limits, Progress.none());
    this.outputs = new Outputs(arena, limits.maxRows(), 1, graph.vocabulary().orElseThrow());
    int[] blocks = IntStream.range(0, KvBlocks.forTokens(limits.maxSequenceTokens())).toArray();
    int[][] tables = new int[graph.groups().size()][];
    Arrays.fill(tables, blocks);
    this.sequence = List.of(new Batch.Sequence(tables, 0));
  }

  StepWork work() {
    return work;
  }

  /** The longest that its sequence may get. */
  int contextTokens() {
    return contextTokens;
  }

  /** Seconds of a step over so many tokens of a prompt. */
  double prefill(int from, int tokens) {
    return seconds(batch(from, tokens));
  }

  /** Seconds of a step that makes a token behind so many: the mean, as of an answer. */
  double decode(int position) {
    Batch batch = batch(position, 1);
    seconds(batch); // brings back what others have pushed out of the caches
    double sum = 0;
    int count = 0;
    while (count < LEAST_STEPS || sum < LEAST_SECONDS) {
      sum += seconds(batch);
      count++;
    }
    return sum / count;
  }

  private double seconds(Batch batch) {
    outputs.begin();
    long start = System.nanoTime();
    plan.run(batch, outputs);
    return (System.nanoTime() - start) / 1e9;
  }

  private Batch batch(int from, int tokens) {
    return new Batch(
        new int[tokens],
        IntStream.range(from, from + tokens).toArray(),
        new int[tokens],
        sequence,
        List.of(new RowRequest.Argmax(tokens - 1, LogitEdit.NONE)),
        new Batch.Input.Tokens());
  }

  @Override
  public void close() {
    plan.close();
    arena.close();
  }
}
