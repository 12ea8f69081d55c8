package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the small cases of the contract cannot show: products as wide and heads as high as those of
 * real models, thousands of blocks of one kernel at a time, contexts of many splits, a whole model.
 * Truth in f64 would take minutes, so products are held against another backend that the contract
 * has been shown for.
 */
public abstract class ShapesConformance {
  private static final int SEED = 17;

  /** More rows than this are the same ones again; a prime, so that no tile of rows is as high. */
  private static final int PERIOD = 521;

  /** Both round activations to 8 bits, but not from the same bits. */
  private static final double TOLERANCE = 2e-2;

  private static final int RUNS = 5;

  /** More columns than a tile has. */
  private static final int MOST_TOKENS = 70;

  /** The backend in question. */
  protected abstract Backend open();

  /** The one that is trusted. */
  protected abstract Backend openTrusted();

  protected abstract Sizes sizes();

  /**
   * What is tried.
   *
   * @param width of the hidden state
   * @param ffn of the layer between gate, up and down
   * @param heads rows of output matrices
   * @param contexts of decode attention
   * @param model of a whole decoder
   */
  public record Sizes(
      int width, int ffn, List<Integer> heads, List<Integer> contexts, Model model) {
    /** Those of 13B models, of the largest vocabularies, and a model of 1B. */
    public static final Sizes REAL =
        new Sizes(
            5120,
            13_824,
            List.of(32_000, 151_936),
            List.of(4096, 131_072),
            new Model(128_256, 16, 2048, 32, 8, 64, 8192));

    /** For a backend that is emulated. */
    public static final Sizes SMALL =
        new Sizes(256, 768, List.of(600), List.of(300, 700), new Model(300, 1, 256, 4, 2, 64, 512));
  }

  /** Sizes of a decoder. */
  public record Model(
      int vocab, int layers, int width, int heads, int kvHeads, int headDim, int ffn) {
    private TinyTransformer.Sizes sizes() {
      return new TinyTransformer.Sizes(vocab, layers, width, heads, kvHeads, headDim, ffn);
    }
  }

  private static Weight weight(
      RandomTensors random, Arena arena, int rows, int cols, TensorType type) {
    double magnitude = 1 / Math.sqrt(cols);
    Weight some = random.weight("w", Math.min(rows, PERIOD), cols, type, magnitude);
    return rows > PERIOD ? RandomTensors.repeated(some, rows, arena) : some;
  }

  /** The graph made ready for all numbers of tokens: weights of this size take their time. */
  private static GraphRunner runner(Backend backend, Graph graph, int width) {
    Limits limits = GraphRunner.limits(MOST_TOKENS, MOST_TOKENS, 1, KvType.F16);
    return new GraphRunner(backend, graph, limits, width);
  }

  /** Decode of one and of eight, and a prompt, of matrices in both directions and of heads. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
  void productsAgree(TensorType type) {
    try (Backend backend = open();
        Backend trusted = openTrusted();
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(SEED));
      agree(backend, trusted, weight(random, arena, sizes().ffn(), sizes().width(), type), random);
      agree(backend, trusted, weight(random, arena, sizes().width(), sizes().ffn(), type), random);
      for (int rows : sizes().heads()) {
        agree(backend, trusted, weight(random, arena, rows, sizes().width(), type), random);
      }
    }
  }

  private static void agree(Backend backend, Backend trusted, Weight w, RandomTensors random) {
    var b = new GraphBuilder();
    Value x = b.embed(random.gaussian("x", MOST_TOKENS, w.cols(), 1));
    Value y = b.selectRows(b.linear("y", x, w));
    Graph graph = b.build(y, y);
    try (GraphRunner mine = runner(backend, graph, w.rows());
        GraphRunner other = runner(trusted, graph, w.rows())) {
      for (int tokens : new int[] {1, 8, MOST_TOKENS}) {
        String what = "%s [%d, %d], %d tokens".formatted(w.type(), w.rows(), w.cols(), tokens);
        assertClose(what, other.rows(tokens), mine.rows(tokens));
      }
    }
  }

  private static void assertClose(String what, float[][] expected, float[][] actual) {
    for (int t = 0; t < expected.length; t++) {
      double[] truth = new double[expected[t].length];
      for (int i = 0; i < truth.length; i++) {
        truth[i] = expected[t][i];
      }
      Truth.assertClose(what + ", token " + t, truth, actual[t], TOLERANCE);
    }
  }

  /** Blocks that round for each other do so in any order: the same bits, time after time. */
  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_K", "Q6_K"})
  void feedForwardAgreesAndIsTheSameEachTime(TensorType type) {
    try (Backend backend = open();
        Backend trusted = openTrusted();
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(SEED));
      int width = sizes().width();
      var b = new GraphBuilder();
      Value x = b.embed(random.gaussian("x", 8, width, 1));
      Value gate = b.linear("gate", x, weight(random, arena, sizes().ffn(), width, type));
      Value up = b.linear("up", x, weight(random, arena, sizes().ffn(), width, type));
      Weight down = weight(random, arena, width, sizes().ffn(), type);
      Value y = b.selectRows(b.linear("down", b.swiGlu(gate, up), down));
      Graph graph = b.build(y, y);
      try (GraphRunner mine = runner(backend, graph, width);
          GraphRunner other = runner(trusted, graph, width)) {
        for (int tokens : new int[] {1, 8}) {
          float[][] first = mine.rows(tokens);
          assertClose(type + ", " + tokens, other.rows(tokens), first);
          for (int run = 1; run < RUNS; run++) {
            assertArrayEquals(first, mine.rows(tokens), type + ", run " + run);
          }
        }
      }
    }
  }

  /** One token over a long context, against f64. */
  @Test
  void attentionOverManySplitsEqualsTruth() {
    int dim = 64;
    int chunk = 512;
    var shape = new AttentionShape(2, 1, dim, (float) (1 / Math.sqrt(dim)), new Mask.Causal());
    try (Backend backend = open();
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(SEED));
      Weight q = random.gaussian("q", PERIOD, 2 * dim, 1);
      var steps = new SplittableRandom(SEED);
      // What an f16 cache keeps as it is.
      Weight k = random.floats("k", PERIOD, dim, () -> (steps.nextInt(255) - 127) / 64.0);
      Weight v = random.floats("v", PERIOD, dim, () -> (steps.nextInt(255) - 127) / 64.0);
      var b = new GraphBuilder();
      Value out = b.selectRows(b.attention(b.embed(q), b.embed(k), b.embed(v), shape));
      Graph graph = b.build(out, out);
      for (int context : sizes().contexts()) {
        int[] ids = IntStream.range(0, context).map(i -> i * 31 % PERIOD).toArray();
        int[] table = IntStream.range(0, KvBlocks.forTokens(context)).toArray();
        Limits limits = GraphRunner.limits(chunk, context, 1, KvType.F16);
        try (var runner = new GraphRunner(backend, graph, limits, 2 * dim)) {
          for (int from = 0; from < context - 1; from += chunk) {
            int to = Math.min(context - 1, from + chunk);
            runner.run(
                runner.batch(List.of(GraphRunner.Piece.of(ids, from, to, table)), List.of()));
          }
          float[] last = runner.logits(GraphRunner.Piece.of(ids, context - 1, context, table))[0];
          check(ids, new double[][][] {values(q), values(k), values(v)}, shape, last);
        }
      }
    }
  }

  private static double[][] values(Weight w) {
    return RandomTensors.values(w);
  }

  private static void check(int[] ids, double[][][] qkv, AttentionShape shape, float[] actual) {
    int position = ids.length - 1;
    int dim = shape.headDim();
    double[][] keys = Arrays.stream(ids).mapToObj(id -> qkv[1][id]).toArray(double[][]::new);
    double[][] values = Arrays.stream(ids).mapToObj(id -> qkv[2][id]).toArray(double[][]::new);
    for (int head = 0; head < shape.numHeads(); head++) {
      double[] query = Arrays.copyOfRange(qkv[0][ids[position]], head * dim, (head + 1) * dim);
      double[] expected =
          Truth.attention(query, keys, values, 0, position, position, shape.scale(), shape.mask());
      float[] got = Arrays.copyOfRange(actual, head * dim, (head + 1) * dim);
      double scale = Math.max(Truth.norm(expected), 0.1 * Math.sqrt(dim));
      String what = "context of %d, head %d".formatted(ids.length, head);
      Truth.assertClose(what, expected, got, 2e-3, scale);
    }
  }

  /** A prompt and decode of a whole model: the same logits, and the same best ids. */
  @Test
  void aWholeModelAgrees() {
    try (Backend backend = open();
        Backend trusted = openTrusted();
        Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(sizes().model().sizes(), arena);
      float[][] expected = logits(trusted, graph);
      float[][] actual = logits(backend, graph);
      assertClose("logits", expected, actual);
      for (int t = 0; t < expected.length; t++) {
        int best = best(actual[t]);
        // Rounding may choose the other of two that are nearly the same.
        double behind = expected[t][best(expected[t])] - expected[t][best];
        assertEquals(0, behind, TOLERANCE * Math.abs(expected[t][best]), "best id of token " + t);
      }
    }
  }

  private float[][] logits(Backend backend, Graph graph) {
    int vocab = sizes().model().vocab();
    int[] ids = IntStream.range(0, 24).map(i -> (i * 1009 + 5) % vocab).toArray();
    int prompt = 20;
    int[] table = {0};
    Limits limits = GraphRunner.limits(prompt, 32, 1, KvType.F16);
    try (var runner = new GraphRunner(backend, graph, limits, vocab)) {
      float[][] all = new float[ids.length][];
      float[][] first = runner.logits(GraphRunner.Piece.of(ids, 0, prompt, table));
      System.arraycopy(first, 0, all, 0, prompt);
      for (int t = prompt; t < ids.length; t++) {
        all[t] = runner.logits(GraphRunner.Piece.of(ids, t, t + 1, table))[0];
      }
      return all;
    }
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
