package io.solebox.backend.cuda;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

/** Runs steps of several sequences on a plan; sequence s has blocks of its own. */
final class PlanSteps implements AutoCloseable {
  static final int SEQUENCES = 8;
  static final int CONTEXT = 128;
  static final Limits LIMITS = limits(SEQUENCES);

  private final Arena arena = Arena.ofConfined();
  private final Plan plan;
  private final Outputs outputs;
  private final int vocabulary;

  PlanSteps(Backend backend, Graph graph) {
    this(backend, graph, SEQUENCES);
  }

  PlanSteps(Backend backend, Graph graph, int sequences) {
    this.plan = backend.prepare(graph, limits(sequences), Progress.none());
    this.vocabulary = ((Op.Embed) graph.ops().getFirst()).table().rows();
    this.outputs = new Outputs(arena, sequences, 1, vocabulary);
  }

  private static Limits limits(int sequences) {
    return new Limits(
        CONTEXT,
        64,
        sequences,
        sequences,
        sequences * CONTEXT,
        KvType.F16,
        Activations.AUTO,
        1L << 40);
  }

  /** Some id for each place. */
  private int id(int sequence, int position) {
    return Math.floorMod(sequence * 1009 + position * 31 + 7, vocabulary);
  }

  private Batch batch(int[] sequences, int position, int tokens, boolean greedy) {
    int n = sequences.length * tokens;
    int[] ids =
        IntStream.range(0, n).map(t -> id(sequences[t / tokens], position + t % tokens)).toArray();
    int[] positions = IntStream.range(0, n).map(t -> position + t % tokens).toArray();
    int[] sequenceOf = IntStream.range(0, n).map(t -> t / tokens).toArray();
    int each = KvBlocks.forTokens(CONTEXT);
    var memories =
        IntStream.of(sequences)
            .mapToObj(
                s -> {
                  int[] table = IntStream.range(s * each, s * each + each).toArray();
                  return new Batch.Sequence(new int[][] {table}, s);
                })
            .toList();
    List<RowRequest> rows =
        IntStream.range(0, sequences.length)
            .map(s -> s * tokens + tokens - 1)
            .<RowRequest>mapToObj(
                t -> greedy ? new RowRequest.Argmax(t, LogitEdit.NONE) : new RowRequest.Logits(t))
            .toList();
    return new Batch(ids, positions, sequenceOf, memories, rows, new Batch.Input.Tokens());
  }

  /** Logits of the last of {@code tokens} tokens of each sequence, from {@code position} on. */
  float[][] logits(int[] sequences, int position, int tokens) {
    plan.run(batch(sequences, position, tokens, false), outputs);
    return IntStream.range(0, sequences.length)
        .mapToObj(
            s ->
                outputs
                    .dense(s)
                    .asSlice(0, (long) Float.BYTES * vocabulary)
                    .toArray(ValueLayout.JAVA_FLOAT))
        .toArray(float[][]::new);
  }

  /** Where the time of a step of sequence 0 goes. */
  StepProfile profile(int position) {
    return plan.profile(batch(new int[] {0}, position, 1, true), outputs).orElseThrow();
  }

  /** The best id after one token of a sequence. */
  int greedy(int sequence, int position) {
    plan.run(batch(new int[] {sequence}, position, 1, true), outputs);
    return outputs.candidateIds(0)[0];
  }

  @Override
  public void close() {
    plan.close();
    arena.close();
  }
}
