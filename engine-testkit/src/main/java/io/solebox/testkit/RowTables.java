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
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Rows of logits and hidden states that are known, and what should be chosen from them. */
final class RowTables {
  static final int VOCAB = 1003;
  static final int HIDDEN = 24;
  static final int TOKENS = 6;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private RowTables() {}

  /** Ids 7 and 500 share the highest logit of token 0; tokens 4 and 5 have one value only. */
  static Weight logitTable(Arena arena) {
    Weight w =
        new RandomTensors(arena, new SplittableRandom(5)).gaussian("logits", TOKENS, VOCAB, 3);
    for (int id : new int[] {500, 7}) {
      w.data().setAtIndex(FLOAT, id, 50f);
    }
    for (int id = 0; id < 2 * VOCAB; id++) {
      w.data().setAtIndex(FLOAT, 4L * VOCAB + id, -1.5f);
    }
    return w;
  }

  /** Runs one step with these requests; logits and hidden states are rows of tables. */
  static void run(BackendUnderTest test, List<RowRequest> rows, RowCheck check) {
    try (Backend backend = test.open(2);
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

  static Limits limits() {
    return new Limits(32, TOKENS, 1, 8, 32, KvType.F32, Activations.AUTO, GraphRunner.PLENTY);
  }

  /** Looks at the outputs; {@code logits} is the table [tokens][V]. */
  interface RowCheck {
    void accept(Outputs outputs, double[][] logits);
  }

  static float[] floats(double[] x) {
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (float) x[i];
    }
    return out;
  }

  static float[] edited(double[] logits, LogitEdit edit) {
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

  static int[] ranking(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -logits[i]).thenComparingInt(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  static double logSumExp(float[] logits) {
    double sum = 0;
    for (float l : logits) {
      sum += Math.exp(l);
    }
    return Math.log(sum);
  }

  static LogitEdit bias() {
    var bias = new SparseBias();
    bias.append(7, 1, Float.NEGATIVE_INFINITY);
    bias.append(500, 2, 0);
    bias.append(0, 1.5f, 0.5f);
    bias.append(1002, 1, 90);
    bias.append(33, 1, -100);
    return LogitEdit.of(bias);
  }

  static LogitEdit bias(int id, float add) {
    var bias = new SparseBias();
    bias.append(id, 1, add);
    return LogitEdit.of(bias);
  }

  /** Allows every third id, and a bias beside it. */
  static LogitEdit mask() {
    long[] words = new long[(VOCAB + 63) / 64];
    for (int id = 0; id < VOCAB; id += 3) {
      words[id >>> 6] |= 1L << id;
    }
    return new LogitEdit(bias().bias(), new TokenMask(words));
  }

  static List<LogitEdit> edits() {
    return List.of(LogitEdit.NONE, bias(), mask());
  }

  /** The {@code k} best of {@code expected}, in order. */
  static void checkBest(Outputs outputs, int slot, int k, float[] expected) {
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
}
