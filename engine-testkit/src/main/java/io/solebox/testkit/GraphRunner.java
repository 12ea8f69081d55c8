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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Runs a graph's steps on a backend and fetches what they give. */
final class GraphRunner implements AutoCloseable {
  /** Enough for every graph of the suite. */
  static final long PLENTY = 1L << 32;

  private final Arena arena = Arena.ofShared(); // staged plans fill outputs from their own threads
  private final Plan plan;
  private final Outputs outputs;
  private final int groups;
  private final int width;

  /**
   * @param width of the graph's logits
   */
  GraphRunner(Backend backend, Graph graph, Limits limits, int width) {
    this(backend.prepare(graph, limits, Progress.none()), graph, limits, width);
  }

  GraphRunner(Plan plan, Graph graph, Limits limits, int width) {
    this.plan = plan;
    this.groups = graph.groups().size();
    this.width = width;
    this.outputs = new Outputs(arena, limits.maxRows(), width, width);
  }

  /** Limits for steps of {@code tokens} tokens that ask for all rows. */
  static Limits limits(int tokens, int sequenceTokens, int sequences, KvType kvType) {
    long kvTokens = (long) KvBlocks.forTokens(sequenceTokens) * KvBlocks.TOKENS * sequences;
    return new Limits(
        sequenceTokens, tokens, sequences, tokens, kvTokens, kvType, Activations.AUTO, PLENTY);
  }

  /**
   * A sequence's part of a step.
   *
   * @param blockTable in every group
   * @param slot of recurrent state
   * @param variant of the model that computes it
   */
  record Piece(int[] tokens, int firstPosition, int[] blockTable, int slot, int variant) {
    Piece(int[] tokens, int firstPosition, int[] blockTable) {
      this(tokens, firstPosition, blockTable, 0, 0);
    }

    Piece(int[] tokens, int firstPosition, int[] blockTable, int slot) {
      this(tokens, firstPosition, blockTable, slot, 0);
    }

    /** Tokens {@code from} to {@code to} of a sequence. */
    static Piece of(int[] sequence, int from, int to, int[] blockTable) {
      return of(sequence, from, to, blockTable, 0);
    }

    static Piece of(int[] sequence, int from, int to, int[] blockTable, int slot) {
      return new Piece(Arrays.copyOfRange(sequence, from, to), from, blockTable, slot);
    }
  }

  /** A step of these pieces that asks for what {@code rows} says. */
  Batch batch(List<Piece> pieces, List<RowRequest> rows) {
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
    List<Batch.Sequence> sequences = pieces.stream().map(this::sequence).toList();
    return new Batch(tokens, positions, sequenceOf, sequences, rows, new Batch.Input.Tokens());
  }

  private Batch.Sequence sequence(Piece piece) {
    int[][] tables = new int[groups][];
    Arrays.fill(tables, piece.blockTable());
    return new Batch.Sequence(tables, piece.slot(), piece.variant());
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

  /** Hidden states of the last token of each piece, of a graph that gives no logits. */
  float[][] hidden(Piece... pieces) {
    List<RowRequest> rows = new ArrayList<>();
    int end = 0;
    for (Piece piece : pieces) {
      end += piece.tokens().length;
      rows.add(new RowRequest.Hidden(end - 1));
    }
    run(batch(List.of(pieces), rows));
    return IntStream.range(0, pieces.length).mapToObj(i -> dense(i, width)).toArray(float[][]::new);
  }

  Plan plan() {
    return plan;
  }

  Outputs run(Batch batch) {
    outputs.begin();
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
