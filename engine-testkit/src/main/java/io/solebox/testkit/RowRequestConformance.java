package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.SparseBias;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What leaves a backend for a token: the best, the k best, all logits, the hidden state. */
public interface RowRequestConformance extends BackendUnderTest {
  int VOCAB = 1003;
  int HIDDEN = 24;
  int TOKENS = 6;

  /** Ids 7 and 500 share the highest logit of token 0; tokens 4 and 5 have one value only. */
  private static Weight logitTable(Arena arena) {
    Weight w =
        new RandomTensors(arena, new SplittableRandom(5)).gaussian("logits", TOKENS, VOCAB, 3);
    for (int id : new int[] {500, 7}) {
      w.data().setAtIndex(ValueLayout.JAVA_FLOAT, id, 50f);
    }
    for (int id = 0; id < 2 * VOCAB; id++) {
      w.data().setAtIndex(ValueLayout.JAVA_FLOAT, 4L * VOCAB + id, -1.5f);
    }
    return w;
  }

  /** Runs one step with these requests; logits and hidden states are rows of tables. */
  private void run(List<RowRequest> rows, RowCheck check) {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight logits = logitTable(arena);
      Weight hidden =
          new RandomTensors(arena, new SplittableRandom(6)).gaussian("hidden", TOKENS, HIDDEN, 1);
      var b = new GraphBuilder();
      Value hiddenRows = b.selectRows(b.embed(hidden));
      Value logitRows = b.selectRows(b.embed(logits));
      var limits =
          new Limits(32, TOKENS, 1, 8, 1, KvType.F32, Activations.AUTO, GraphRunner.PLENTY);
      int[] ids = IntStream.range(0, TOKENS).toArray();
      Batch batch = GraphRunner.batch(List.of(new Piece(ids, 0, new int[1])), rows);
      try (var runner = new GraphRunner(backend, b.build(hiddenRows, logitRows), limits, VOCAB)) {
        check.accept(runner.run(batch), RandomTensors.values(logits));
        for (int i = 0; i < rows.size(); i++) {
          if (rows.get(i) instanceof RowRequest.Hidden h) {
            float[] expected = floats(RandomTensors.values(hidden)[h.token()]);
            assertArrayEquals(expected, runner.dense(i, HIDDEN));
          }
        }
      }
    }
  }

  /** Looks at the outputs; {@code logits} is the table [tokens][V]. */
  interface RowCheck {
    void accept(Outputs outputs, double[][] logits);
  }

  private static float[] floats(double[] x) {
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (float) x[i];
    }
    return out;
  }

  private static float[] biased(double[] logits, SparseBias bias) {
    float[] out = floats(logits);
    for (int i = 0; i < bias.size(); i++) {
      out[bias.ids()[i]] = bias.apply(i, out[bias.ids()[i]]);
    }
    return out;
  }

  private static int[] ranking(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -logits[i]).thenComparingInt(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  private static double logSumExp(float[] logits) {
    double sum = 0;
    for (float l : logits) {
      sum += Math.exp(l);
    }
    return Math.log(sum);
  }

  private static SparseBias bias() {
    float ban = Float.NEGATIVE_INFINITY;
    return new SparseBias(
        new int[] {7, 500, 0, 1002, 33},
        new float[] {1, 2, 1.5f, 1, 1},
        new float[] {ban, 0, 0.5f, 90, -100});
  }

  @Test
  default void argmaxTakesTheLowestOfTheBest() {
    List<RowRequest> rows = new ArrayList<>();
    for (int t = 0; t < TOKENS; t++) {
      rows.add(new RowRequest.Argmax(t, SparseBias.NONE));
    }
    run(
        rows,
        (outputs, logits) -> {
          for (int t = 0; t < TOKENS; t++) {
            assertEquals(1, outputs.candidateCount(t));
            assertEquals(ranking(floats(logits[t]))[0], outputs.candidateIds(t)[0], "token " + t);
          }
          assertEquals(7, outputs.candidateIds(0)[0]);
          assertEquals(0, outputs.candidateIds(4)[0]);
          assertEquals(50f, outputs.candidateLogits(0)[0]);
        });
  }

  @Test
  default void argmaxAfterTheBias() {
    run(
        List.of(
            new RowRequest.Argmax(0, bias()),
            new RowRequest.Argmax(
                0, new SparseBias(new int[] {7}, new float[] {1}, new float[] {-1})),
            new RowRequest.Argmax(0, SparseBias.NONE)),
        (outputs, _) -> {
          assertEquals(1002, outputs.candidateIds(0)[0]);
          assertEquals(500, outputs.candidateIds(1)[0]);
          // The same token again, without: a bias belongs to its request alone.
          assertEquals(7, outputs.candidateIds(2)[0]);
        });
  }

  @Test
  default void topKIsInOrderWithTheSumOverAll() {
    int[] ks = {1, 2, 40, VOCAB, 5};
    List<RowRequest> rows = new ArrayList<>();
    for (int i = 0; i < ks.length; i++) {
      rows.add(new RowRequest.TopK(i, ks[i], i % 2 == 0 ? SparseBias.NONE : bias()));
    }
    run(
        rows,
        (outputs, logits) -> {
          for (int i = 0; i < ks.length; i++) {
            float[] expected = biased(logits[i], i % 2 == 0 ? SparseBias.NONE : bias());
            int[] ranking = ranking(expected);
            int n = outputs.candidateCount(i);
            // Whether a banned id may stand at the very end is left to the backend.
            assertEquals(ks[i], n, ks[i] == VOCAB ? 1 : 0);
            for (int j = 0; j < n; j++) {
              assertEquals(ranking[j], outputs.candidateIds(i)[j], "k " + ks[i] + ", place " + j);
              assertEquals(expected[ranking[j]], outputs.candidateLogits(i)[j]);
            }
            assertEquals(logSumExp(expected), outputs.logSumExp(i), 1e-4);
          }
        });
  }

  @Test
  default void denseRequestsAndOthersInOneStep() {
    run(
        List.of(
            new RowRequest.Logits(0),
            new RowRequest.Hidden(0),
            new RowRequest.Argmax(0, bias()),
            new RowRequest.Logits(0),
            new RowRequest.Hidden(3),
            new RowRequest.TopK(5, 3, SparseBias.NONE)),
        (outputs, logits) -> {
          for (int slot : new int[] {0, 3}) {
            for (int i = 0; i < VOCAB; i++) {
              float got = outputs.dense(slot).getAtIndex(ValueLayout.JAVA_FLOAT, i);
              assertEquals((float) logits[0][i], got);
            }
          }
          assertEquals(1002, outputs.candidateIds(2)[0]);
          assertArrayEquals(new int[] {0, 1, 2}, first(outputs.candidateIds(5), 3));
        });
  }

  private static int[] first(int[] ids, int n) {
    return IntStream.range(0, n).map(i -> ids[i]).toArray();
  }

  /** The middle of a long prompt asks for nothing. */
  @Test
  default void aStepMayAskForNothing() {
    run(List.of(), (_, _) -> {});
  }
}
