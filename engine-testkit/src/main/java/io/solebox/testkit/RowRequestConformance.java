package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.SparseBias;
import io.solebox.engine.backend.TokenMask;
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
  ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

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
      int[] ids = IntStream.range(0, TOKENS).toArray();
      try (var runner = new GraphRunner(backend, b.build(hiddenRows, logitRows), limits(), VOCAB)) {
        Batch batch = runner.batch(List.of(new Piece(ids, 0, new int[1])), rows);
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

  private static Limits limits() {
    return new Limits(32, TOKENS, 1, 8, 32, KvType.F32, Activations.AUTO, GraphRunner.PLENTY);
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

  private static float[] edited(double[] logits, LogitEdit edit) {
    float[] out = floats(logits);
    for (int i = 0; i < edit.bias().size(); i++) {
      int id = edit.bias().id(i);
      out[id] = edit.bias().apply(i, out[id]);
    }
    for (int id = 0; id < out.length; id++) {
      out[id] = edit.mask().allows(id) ? out[id] : Float.NEGATIVE_INFINITY;
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

  private static LogitEdit bias() {
    var bias = new SparseBias();
    bias.append(7, 1, Float.NEGATIVE_INFINITY);
    bias.append(500, 2, 0);
    bias.append(0, 1.5f, 0.5f);
    bias.append(1002, 1, 90);
    bias.append(33, 1, -100);
    return LogitEdit.of(bias);
  }

  private static LogitEdit bias(int id, float add) {
    var bias = new SparseBias();
    bias.append(id, 1, add);
    return LogitEdit.of(bias);
  }

  /** Allows every third id, and a bias beside it. */
  private static LogitEdit mask() {
    long[] words = new long[(VOCAB + 63) / 64];
    for (int id = 0; id < VOCAB; id += 3) {
      words[id >>> 6] |= 1L << id;
    }
    return new LogitEdit(bias().bias(), new TokenMask(words));
  }

  private static List<LogitEdit> edits() {
    return List.of(LogitEdit.NONE, bias(), mask());
  }

  @Test
  default void argmaxTakesTheLowestOfTheBest() {
    List<RowRequest> rows = new ArrayList<>();
    for (int t = 0; t < TOKENS; t++) {
      rows.add(new RowRequest.Argmax(t, LogitEdit.NONE));
    }
    run(
        rows,
        (outputs, logits) -> {
          for (int t = 0; t < TOKENS; t++) {
            assertEquals(1, outputs.candidateCount(t));
            assertEquals(ranking(floats(logits[t]))[0], outputs.candidateIds(t)[0], "token " + t);
            assertTrue(outputs.isFinite(t));
          }
          assertEquals(7, outputs.candidateIds(0)[0]);
          assertEquals(0, outputs.candidateIds(4)[0]);
          assertEquals(50f, outputs.candidateLogits(0)[0]);
        });
  }

  @Test
  default void argmaxAfterTheEdit() {
    run(
        List.of(
            new RowRequest.Argmax(0, bias()),
            new RowRequest.Argmax(0, bias(7, -1)),
            new RowRequest.Argmax(0, mask()),
            new RowRequest.Argmax(0, LogitEdit.NONE)),
        (outputs, logits) -> {
          assertEquals(1002, outputs.candidateIds(0)[0]);
          assertEquals(500, outputs.candidateIds(1)[0]);
          assertEquals(1002, outputs.candidateIds(2)[0], "1002 is a multiple of 3");
          // The same token again, without: an edit belongs to its request alone.
          assertEquals(7, outputs.candidateIds(3)[0]);
        });
  }

  @Test
  default void topKIsInOrder() {
    int[] ks = {1, 2, 40, VOCAB, 5};
    for (LogitEdit edit : edits()) {
      List<RowRequest> rows = new ArrayList<>();
      for (int i = 0; i < ks.length; i++) {
        rows.add(new RowRequest.TopK(i, ks[i], edit));
      }
      run(
          rows,
          (outputs, logits) -> {
            for (int i = 0; i < ks.length; i++) {
              checkBest(outputs, i, ks[i], edited(logits[i], edit));
            }
          });
    }
  }

  private static void checkBest(Outputs outputs, int slot, int k, float[] expected) {
    int[] ranking = ranking(expected);
    int n = outputs.candidateCount(slot);
    int allowed = 0;
    for (float l : expected) {
      allowed += l == Float.NEGATIVE_INFINITY ? 0 : 1;
    }
    // Whether banned ids stand at the very end is left to the backend.
    assertTrue(n <= k && n >= Math.min(k, allowed), "k " + k + ", found " + n);
    for (int j = 0; j < Math.min(n, allowed); j++) {
      assertEquals(ranking[j], outputs.candidateIds(slot)[j], "k " + k + ", place " + j);
      assertEquals(expected[ranking[j]], outputs.candidateLogits(slot)[j]);
    }
  }

  /** With the sum over all, and the whole row where the best are too few. */
  @Test
  default void aNucleusIsWholeWhereItsBestAreTooFew() {
    for (LogitEdit edit : edits()) {
      List<RowRequest> rows = new ArrayList<>();
      for (int i = 1; i < 5; i++) {
        rows.add(new RowRequest.Nucleus(i, 5 * i * i, 0.2 * i, edit));
      }
      run(
          rows,
          (outputs, logits) -> {
            for (int i = 1; i < 5; i++) {
              float[] expected = edited(logits[i], edit);
              checkBest(outputs, i - 1, 5 * i * i, expected);
              double sum = logSumExp(expected);
              assertEquals(sum, outputs.logSumExp(i - 1), 1e-4);
              double mass = 0;
              for (int j = 0; j < outputs.candidateCount(i - 1); j++) {
                mass += Math.exp(outputs.candidateLogits(i - 1)[j] - sum);
              }
              if (Math.abs(mass - 0.2 * i) > 1e-3) {
                assertEquals(mass < 0.2 * i, outputs.isWhole(i - 1), "mass " + mass);
              }
              for (int id = 0; outputs.isWhole(i - 1) && id < VOCAB; id++) {
                assertEquals(expected[id], outputs.dense(i - 1).getAtIndex(FLOAT, id));
              }
            }
          });
    }
  }

  /** What is drawn is the id whose share of the probability holds u. */
  @Test
  default void drawsAreTheIdsWhoseShareHoldsU() {
    double[] us = {0, 0.01, 0.3, 0.62, 0.9, 0.9999};
    for (double temperature : new double[] {1, 0.5, 3}) {
      for (LogitEdit edit : edits()) {
        List<RowRequest> rows = new ArrayList<>();
        for (int i = 0; i < us.length; i++) {
          rows.add(new RowRequest.Draw(i, temperature, us[i], edit));
        }
        run(
            rows,
            (outputs, logits) -> {
              for (int i = 0; i < us.length; i++) {
                float[] expected = edited(logits[i], edit);
                int id = outputs.candidateIds(i)[0];
                assertEquals(expected[id], outputs.candidateLogits(i)[0]);
                checkShare(expected, temperature, us[i], id);
              }
            });
      }
    }
  }

  private static void checkShare(float[] logits, double temperature, double u, int id) {
    double all = 0;
    double below = 0;
    for (int i = 0; i < logits.length; i++) {
      double weight = Math.exp((logits[i] - 100) / temperature);
      all += weight;
      below += i < id ? weight : 0;
    }
    double above = below + Math.exp((logits[id] - 100) / temperature);
    String what = "%d from %.6f to %.6f for %.6f".formatted(id, below / all, above / all, u);
    assertTrue(below / all <= u + 1e-5 && above / all >= u - 1e-5, what);
    assertTrue(logits[id] > Float.NEGATIVE_INFINITY, what);
  }

  @Test
  default void scoresAreLogProbabilitiesOfGivenIds() {
    int[] ids = {7, 0, 1002, 500, 31, 8};
    List<RowRequest> rows = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      rows.add(new RowRequest.Score(i, ids[i]));
    }
    run(
        rows,
        (outputs, logits) -> {
          for (int i = 0; i < ids.length; i++) {
            assertEquals((float) logits[i][ids[i]], outputs.candidateLogits(i)[0]);
            assertEquals(logSumExp(floats(logits[i])), outputs.logSumExp(i), 1e-4);
          }
        });
  }

  /** A row with a NaN or an infinity is known as such, and its neighbours are not. */
  @Test
  default void whatIsNoNumberIsNoticedInItsRowAlone() {
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      try (Backend backend = open(2);
          Arena arena = Arena.ofShared()) {
        Weight table = logitTable(arena);
        table.data().setAtIndex(FLOAT, 2 * VOCAB + 613, broken);
        var b = new GraphBuilder();
        Value rows = b.selectRows(b.embed(table));
        try (var runner = new GraphRunner(backend, b.build(rows, rows), limits(), VOCAB)) {
          List<RowRequest> requests =
              List.of(
                  new RowRequest.Argmax(0, LogitEdit.NONE),
                  new RowRequest.Argmax(2, LogitEdit.NONE),
                  new RowRequest.TopK(2, 3, LogitEdit.NONE),
                  new RowRequest.Draw(2, 1, 0.5, LogitEdit.NONE),
                  new RowRequest.Logits(2),
                  new RowRequest.Score(2, 5),
                  new RowRequest.Draw(3, 1, 0.5, LogitEdit.NONE),
                  new RowRequest.Logits(1));
          int[] ids = IntStream.range(0, TOKENS).toArray();
          Batch batch = runner.batch(List.of(new Piece(ids, 0, new int[1])), requests);
          Outputs outputs = runner.run(batch);
          for (int slot = 0; slot < requests.size(); slot++) {
            boolean whole = requests.get(slot).token() != 2;
            assertEquals(whole, outputs.isFinite(slot), broken + ", " + requests.get(slot));
          }
        }
      }
    }
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
            new RowRequest.TopK(5, 3, LogitEdit.NONE)),
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
