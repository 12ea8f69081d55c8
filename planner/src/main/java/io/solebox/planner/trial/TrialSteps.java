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
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Steps of one sequence, against the clock. */
final class TrialSteps implements AutoCloseable {
  private static final int WARM = 3;
  private static final int LEAST_STEPS = 9;
  private static final double LEAST_SECONDS = 0.4;
  private static final int MOST_STEPS = 200;

  private final Arena arena = Arena.ofConfined();
  private final Plan plan;
  private final Outputs outputs;
  private final List<Batch.Sequence> sequence;

  TrialSteps(Backend backend, Graph graph, Limits limits) {
    this.plan = backend.prepare(graph, limits, Progress.none());
    this.outputs = new Outputs(arena, limits.maxRows(), 1, graph.vocabulary().orElseThrow());
    int[] blocks = IntStream.range(0, KvBlocks.forTokens(limits.maxSequenceTokens())).toArray();
    int[][] tables = new int[graph.groups().size()][];
    Arrays.fill(tables, blocks);
    this.sequence = List.of(new Batch.Sequence(tables, 0));
  }

  /** Seconds of a step over so many tokens of a prompt. */
  double prefill(int from, int tokens) {
    return seconds(batch(from, tokens));
  }

  /** Seconds of a step that makes a token behind so many: the median of some. */
  double decode(int position) {
    Batch batch = batch(position, 1);
    for (int i = 0; i < WARM; i++) {
      seconds(batch);
    }
    double[] all = new double[MOST_STEPS];
    double sum = 0;
    int count = 0;
    while (count < MOST_STEPS && (count < LEAST_STEPS || sum < LEAST_SECONDS)) {
      all[count] = seconds(batch);
      sum += all[count];
      count++;
    }
    Arrays.sort(all, 0, count);
    return all[count / 2];
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
