package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link LowRank}: what adapters add to a product, in steps whose sequences use different ones, or
 * none. Of three adapters the second leaves the product alone.
 */
public interface LowRankConformance extends BackendUnderTest {
  int[] TOKENS_OF_PIECES = {1, 3, 40, 1, 9, 1, 70, 2};
  int[] VARIANTS = {1, 0, 3, 3, 1, 2, 0, 1};

  /** A product, alone and with adapters. */
  record Subject(Weight x, Weight w, List<LowRank.Change> changes) {
    static Subject of(Arena arena, TensorType type, int rows, int cols, int... ranks) {
      var random = new RandomTensors(arena, new SplittableRandom(rows));
      int tokens = IntStream.of(TOKENS_OF_PIECES).sum();
      var changes = new ArrayList<LowRank.Change>();
      int[] variants = {1, 3};
      float[] scales = {0.5f, -2};
      for (int i = 0; i < ranks.length; i++) {
        Weight a = random.weight("a", ranks[i], cols, type, 0.3);
        TensorType other = ranks[i] % type.blockSize() == 0 ? type : TensorType.F16;
        Weight b = random.weight("b", rows, ranks[i], other, 0.3);
        changes.add(new LowRank.Change(variants[i], a, b, scales[i]));
      }
      Weight w = random.gaussian("w", rows, cols, 0.1);
      return new Subject(random.gaussian("x", tokens, cols, 1), w, changes);
    }

    /**
     * @param ofRows whether the product takes the rows that are asked for, and not all tokens
     */
    Graph graph(boolean ofRows) {
      var b = new GraphBuilder();
      Value in = b.embed(x);
      Value rows = ofRows ? b.linear("y", b.selectRows(in), w) : b.selectRows(b.linear("y", in, w));
      return b.build(rows, rows);
    }

    Graph adapted(boolean ofRows) {
      return graph(ofRows).adapted(_ -> changes);
    }
  }

  private static List<Piece> pieces() {
    var pieces = new ArrayList<Piece>();
    int from = 0;
    for (int i = 0; i < VARIANTS.length; i++) {
      int first = from;
      int[] ids = IntStream.range(0, TOKENS_OF_PIECES[i]).map(t -> first + t).toArray();
      pieces.add(new Piece(ids, 0, new int[0], 0, VARIANTS[i]));
      from += TOKENS_OF_PIECES[i];
    }
    return pieces;
  }

  private float[][] run(Backend backend, Graph graph, int width, Piece... pieces) {
    int tokens = IntStream.of(TOKENS_OF_PIECES).sum();
    var limits = GraphRunner.limits(tokens, 128, VARIANTS.length, KvType.F32);
    try (var runner = new GraphRunner(backend, graph, limits, width)) {
      return runner.logits(pieces);
    }
  }

  /** The last two have matrices of tens of thousands of elements, which threads share. */
  @ParameterizedTest
  @CsvSource({
    "F32, 1, 1, 1, 1",
    "F32, 37, 100, 8, 3",
    "F16, 96, 544, 16, 33",
    "BF16, 18, 771, 5, 64",
    "Q8_0, 64, 96, 32, 8",
    "F32, 1000, 40, 16, 7",
    "F32, 600, 40, 120, 64",
    "F16, 9, 1400, 48, 12"
  })
  default void adaptersAddToTheirRowsAlone(
      TensorType type, int rows, int cols, int rank, int otherRank) {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var subject = Subject.of(arena, type, rows, cols, rank, otherRank);
      Piece[] pieces = pieces().toArray(Piece[]::new);
      for (boolean ofRows : new boolean[] {false, true}) {
        float[][] alone = run(backend, subject.graph(ofRows), rows, pieces);
        float[][] actual = run(backend, subject.adapted(ofRows), rows, pieces);
        int t = 0;
        for (Piece piece : pieces) {
          for (int i = 0; i < piece.tokens().length; i++, t++) {
            check(subject, piece.variant(), t, alone[t], actual[t]);
          }
        }
      }
    }
  }

  private void check(Subject subject, int variant, int t, float[] alone, float[] actual) {
    String what = "variant %d, token %d".formatted(variant, t);
    var change = subject.changes().stream().filter(c -> c.variant() == variant).findFirst();
    if (change.isEmpty()) {
      assertArrayEquals(alone, actual, what);
      return;
    }
    double[] x = RandomTensors.values(subject.x())[t];
    double[] inner = Truth.linear(RandomTensors.values(change.get().a()), x, new double[0]);
    double[][] b = RandomTensors.values(change.get().b());
    double[] added = Truth.linear(b, inner, new double[0]);
    double[] expected = new double[added.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = alone[i] + change.get().scale() * added[i];
    }
    double typical = 0;
    for (double[] row : b) {
      typical += Math.pow(Truth.norm(row), 2);
    }
    // What a row of independent terms has; the norm itself is no measure where terms cancel.
    typical = Math.sqrt(typical / inner.length) * Truth.norm(inner);
    double scale = Math.max(Truth.norm(expected), Math.abs(change.get().scale()) * typical);
    double few = 1 + 2 / Math.sqrt(expected.length);
    Truth.assertClose(what, expected, actual, tolerance(TensorType.F32) * few, scale);
  }

  /** A sequence's bits depend neither on its neighbours nor on theirs, nor on threads. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void mixedBatchesEqualEachAlone(boolean ofRows) {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    int rows = 203;
    try (Arena arena = Arena.ofShared()) {
      var subject = Subject.of(arena, TensorType.F16, rows, 777, 100, 33);
      List<Piece> pieces = pieces();
      for (int threads : threadCounts()) {
        try (Backend backend = open(threads)) {
          Graph graph = subject.adapted(ofRows);
          float[][] mixed = run(backend, graph, rows, pieces.toArray(Piece[]::new));
          int t = 0;
          for (Piece piece : pieces) {
            float[][] alone = run(backend, graph, rows, piece);
            for (float[] row : alone) {
              assertArrayEquals(row, mixed[t++], "variant " + piece.variant());
            }
          }
        }
      }
    }
  }
}
