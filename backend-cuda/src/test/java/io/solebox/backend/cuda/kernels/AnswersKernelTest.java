package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.PtxMachine;
import io.solebox.backend.cuda.fake.Schedule;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels of module {@code answers}. */
class AnswersKernelTest {
  private static final int V = 9001;

  private static PtxMachine machine() {
    return new KernelRun("sm_80", "answers", Schedule.EAGER).machine();
  }

  /** Row 1 has its best twice, row 2 one value only, row 3 nothing but banned ids at its start. */
  private static float[] logits() {
    float[] logits = KernelTruth.gaussian(new SplittableRandom(2), 4 * V, 4);
    logits[V + 8000] = 60;
    logits[V + 4100] = 60;
    Arrays.fill(logits, 2 * V, 3 * V, -1.5f);
    Arrays.fill(logits, 3 * V, 3 * V + 5000, Float.NEGATIVE_INFINITY);
    return logits;
  }

  private static int[] ranking(float[] logits, int row) {
    return IntStream.range(0, V)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -logits[row * V + i]).thenComparingInt(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  @Test
  void bestAndLogSumExp() {
    float[] logits = logits();
    var machine = machine();
    long best = best(machine, machine.upload(logits));
    int[] ids = machine.ints(best, 16);
    float[] values = machine.floats(best, 16);
    for (int row = 0; row < 4; row++) {
      int expected = ranking(logits, row)[0];
      assertEquals(expected, ids[4 * row], "row " + row);
      assertEquals(logits[row * V + expected], values[4 * row + 1]);
      double sum = 0;
      for (int i = 0; i < V; i++) {
        sum += Math.exp(logits[row * V + i]);
      }
      assertEquals(Math.log(sum), values[4 * row + 2], 2e-5, "row " + row);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "40", "1024"})
  void topKIsInOrder(int k) {
    float[] logits = logits();
    var machine = machine();
    int chunks = (V + 2047) / 2048;
    long keys = machine.allocate(8 * 4 * chunks * k);
    machine.launch("topk_first", chunks, 4, 1024, keys, machine.upload(logits), V, k);
    while (chunks > 1) {
      int count = chunks * k;
      chunks = (count + 2047) / 2048;
      long next = machine.allocate(8 * 4 * chunks * k);
      machine.launch("topk_next", chunks, 4, 1024, next, keys, count, k);
      keys = next;
    }
    var found = machine.bytes(keys, 8L * 4 * k);
    for (int row = 0; row < 4; row++) {
      int[] ranking = ranking(logits, row);
      for (int i = 0; i < k; i++) {
        long key = found.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, (long) row * k + i);
        int bits = (int) (key >>> 32);
        float logit = Float.intBitsToFloat(bits < 0 ? bits & 0x7fffffff : ~bits);
        assertEquals(ranking[i], ~(int) key, "row " + row + ", place " + i);
        assertEquals(logits[row * V + ranking[i]], logit);
      }
    }
  }

  @Test
  void biasChangesItsIdsAlone() {
    float[] logits = logits();
    float[] expected = logits.clone();
    int[] rows = {0, 0, 1, 3};
    int[] ids = {7, 9000, 4100, 2};
    float[] repetition = {1.5f, 1, 2, 1.1f};
    float[] add = {-0.5f, Float.NEGATIVE_INFINITY, 0, 3};
    for (int i = 0; i < 4; i++) {
      float l = logits[rows[i] * V + ids[i]];
      expected[rows[i] * V + ids[i]] = (l > 0 ? l / repetition[i] : l * repetition[i]) + add[i];
    }
    var machine = machine();
    long at = machine.upload(logits);
    machine.launch(
        "apply_bias",
        1,
        1,
        256,
        at,
        machine.upload(rows),
        machine.upload(ids),
        machine.upload(repetition),
        machine.upload(add),
        V,
        4);
    assertArrayEquals(expected, machine.floats(at, 4 * V));
  }

  @Test
  void whatIsNoNumberIsSaidOfItsRowAlone() {
    float[] logits = logits();
    logits[V + 5000] = Float.NaN;
    logits[2 * V + 1] = Float.POSITIVE_INFINITY;
    var machine = machine();
    int[] best = machine.ints(best(machine, machine.upload(logits)), 16);
    for (int row = 0; row < 4; row++) {
      assertEquals(row == 1 || row == 2 ? 1 : 0, best[4 * row + 3], "row " + row);
    }
  }

  /** Of four rows. */
  private static long best(PtxMachine machine, long logits) {
    long stats = machine.allocate(4 * 3 * 16);
    long best = machine.allocate(4 * 16);
    machine.launch("row_stats", 3, 4, 256, stats, logits, V);
    machine.launch("row_best", 4, 1, 32, best, stats, 3);
    return best;
  }

  @Test
  void aMaskBansAllOtherIds() {
    float[] logits = logits();
    float[] expected = logits.clone();
    int words = (V + 63) / 64 * 2;
    int[] rows = {3, 1};
    int[] masks = new SplittableRandom(5).ints(2L * words).toArray();
    for (int m = 0; m < 2; m++) {
      for (int id = 0; id < V; id++) {
        if ((masks[m * words + id / 32] >>> id & 1) == 0) {
          expected[rows[m] * V + id] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    var machine = machine();
    long at = machine.upload(logits);
    long rowOf = machine.upload(rows);
    machine.launch("apply_mask", 36, 2, 256, at, rowOf, machine.upload(masks), words, V);
    assertArrayEquals(expected, machine.floats(at, 4 * V));
  }

  @Test
  void singleLogitsArePicked() {
    float[] logits = logits();
    var machine = machine();
    long out = machine.allocate(8);
    long rows = machine.upload(3, 0);
    long ids = machine.upload(8999, 7);
    machine.launch("pick", 1, 1, 256, out, machine.upload(logits), rows, ids, V, 2);
    assertArrayEquals(new float[] {logits[3 * V + 8999], logits[7]}, machine.floats(out, 2));
  }

  /** The first id at which the sum of the probabilities exceeds u; near a border, a neighbour's. */
  @Test
  void drawsAreThoseOfTheSums() {
    float[] logits = logits();
    int[] rows = {0, 0, 2, 3, 3, 1};
    float[] us = {0, 0.37f, 0.999f, 0, 0.5f, 0.25f};
    float[] inverses = {1, 0.5f, 1, 2, 1, 1};
    var machine = machine();
    long at = machine.upload(logits);
    long best = best(machine, at);
    long sums = machine.allocate(4 * 3 * rows.length);
    long out = machine.allocate(8 * rows.length);
    long rowOf = machine.upload(rows);
    long inverse = machine.upload(inverses);
    machine.launch("draw_sums", 3, rows.length, 256, sums, at, best, rowOf, inverse, V);
    long u = machine.upload(us);
    machine.launch("draw", rows.length, 1, 256, out, at, sums, best, rowOf, inverse, u, V, 3);
    int[] drawn = machine.ints(out, 2 * rows.length);
    float[] values = machine.floats(out, 2 * rows.length);
    for (int i = 0; i < rows.length; i++) {
      double[] shares = shares(logits, rows[i], inverses[i]);
      double before = Arrays.stream(shares, 0, drawn[2 * i]).sum();
      double after = before + shares[drawn[2 * i]];
      assertTrue(before - 1e-4 <= us[i] && us[i] < after + 1e-4, i + ": id " + drawn[2 * i]);
      assertTrue(shares[drawn[2 * i]] > 0, i + ": id " + drawn[2 * i]);
      assertEquals(logits[rows[i] * V + drawn[2 * i]], values[2 * i + 1]);
    }
  }

  private static double[] shares(float[] logits, int row, float inverse) {
    double max = logits[row * V + ranking(logits, row)[0]];
    double[] weights =
        IntStream.range(0, V)
            .mapToDouble(i -> Math.exp((logits[row * V + i] - max) * inverse))
            .toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }
}
