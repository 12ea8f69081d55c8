package io.solebox.testkit;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.Graph;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Runs a graph's steps on a backend and fetches what they give. */
final class GraphRunner implements AutoCloseable {
  /** Enough for every graph of the suite. */
  static final long PLENTY = 1L << 32;

  private final Arena arena = Arena.ofConfined();
  private final Plan plan;
  private final Outputs outputs;
  private final int width;

  /**
   * @param width of the graph's logits
   */
  GraphRunner(Backend backend, Graph graph, Limits limits, int width) {
    this(backend.prepare(graph, limits, Progress.none()), limits, width);
  }

  GraphRunner(Plan plan, Limits limits, int width) {
    this.plan = plan;
    this.width = width;
    this.outputs = new Outputs(arena, limits.maxRows(), width, width);
  }

  /** Limits for steps of {@code tokens} tokens that ask for all rows. */
  static Limits limits(int tokens, int sequenceTokens, int sequences, KvType kvType) {
    int blocks = KvBlocks.forTokens(sequenceTokens) * sequences;
    return new Limits(
        sequenceTokens, tokens, sequences, tokens, blocks, kvType, Activations.AUTO, PLENTY);
  }

  /** A sequence's part of a step. */
  record Piece(int[] tokens, int firstPosition, int[] blockTable) {
    /** Tokens {@code from} to {@code to} of a sequence. */
    static Piece of(int[] sequence, int from, int to, int[] blockTable) {
      return new Piece(IntStream.range(from, to).map(i -> sequence[i]).toArray(), from, blockTable);
    }
  }

  /** A step of these pieces that asks for what {@code rows} says. */
  static Batch batch(List<Piece> pieces, List<RowRequest> rows) {
    int[] tokens = pieces.stream().flatMapToInt(p -> IntStream.of(p.tokens())).toArray();
    int[] positions =
        pieces.stream()
            .flatMapToInt(
                p -> IntStream.range(0, p.tokens().length).map(i -> i + p.firstPosition()))
            .toArray();
    int[] sequenceOf =
        IntStream.range(0, pieces.size())
            .flatMap(s -> IntStream.range(0, pieces.get(s).tokens().length).map(_ -> s))
            .toArray();
    int[][] tables = pieces.stream().map(Piece::blockTable).toArray(int[][]::new);
    return new Batch(tokens, positions, sequenceOf, tables, rows, new Batch.Input.Tokens());
  }

  static List<RowRequest> logitsOfAll(int tokens) {
    List<RowRequest> rows = new ArrayList<>();
    for (int t = 0; t < tokens; t++) {
      rows.add(new RowRequest.Logits(t));
    }
    return rows;
  }

  /** Logits of every token of the step. */
  float[][] logits(Piece... pieces) {
    int tokens = IntStream.range(0, pieces.length).map(i -> pieces[i].tokens().length).sum();
    run(batch(List.of(pieces), logitsOfAll(tokens)));
    float[][] out = new float[tokens][];
    for (int t = 0; t < tokens; t++) {
      out[t] = dense(t, width);
    }
    return out;
  }

  /** Logits of ops without a cache: {@code tokens} rows of the embedding tables, from row 0 on. */
  float[][] rows(int tokens) {
    int[] ids = IntStream.range(0, tokens).toArray();
    return logits(new Piece(ids, 0, IntStream.range(0, KvBlocks.forTokens(tokens)).toArray()));
  }

  Outputs run(Batch batch) {
    plan.run(batch, outputs);
    return outputs;
  }

  float[] dense(int row, int n) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = outputs.dense(row).getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return out;
  }

  @Override
  public void close() {
    plan.close();
    arena.close();
  }
}
