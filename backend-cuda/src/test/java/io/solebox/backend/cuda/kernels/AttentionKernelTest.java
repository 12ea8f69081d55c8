package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.backend.cuda.kernels.AttentionRun.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rotation, the KV cache, and attention over it, as one chain of kernels. */
class AttentionKernelTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 16, f32",
    "4, 1, 48, f16",
    "6, 3, 80, f32",
    "4, 2, 64, q8_0",
    "3, 3, 8, f16",
    "14, 2, 128, f16",
    "5, 5, 20, f32",
    "18, 2, 32, q8_0",
    "2, 1, 256, f16"
  })
  void decodeEqualsTruth(int heads, int kvHeads, int dim, String kv) {
    var run = new AttentionRun(new Shape(heads, kvHeads, dim, kv), 70, "sm_70", Schedule.EAGER);
    run.store();
    int[] rows = {69, 0, 31, 32, 50};
    run.check(rows, 0, run.decode(rows, 0, 32, 4));
    run.check(rows, 33, run.decode(rows, 33, 64, 4));
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 64, f16", "3, 1, 80, f32", "2, 2, 128, q8_0", "2, 1, 20, f16"})
  void prefillEqualsTruth(int heads, int kvHeads, int dim, String kv) {
    for (String target : new String[] {"sm_70", "sm_80"}) {
      var run = new AttentionRun(new Shape(heads, kvHeads, dim, kv), 90, target, Schedule.EAGER);
      run.store();
      for (int window : new int[] {0, 40}) {
        for (int[] span : new int[][] {{0, 64}, {64, 26}, {17, 1}, {30, 37}}) {
          int[] rows = new int[span[1]];
          Arrays.setAll(rows, i -> span[0] + i);
          run.check(rows, window, run.prefill(span[0], span[1], window));
        }
      }
    }
  }

  /** q and the weights of the softmax are rounded to f16 there. */
  @ParameterizedTest
  @CsvSource({"4, 2, 64, f16", "2, 2, 128, f16", "3, 1, 64, q8_0", "1, 1, 128, q8_0"})
  void prefillOnTensorCoresEqualsTruth(int heads, int kvHeads, int dim, String kv) {
    for (String target : new String[] {"sm_70", "sm_80"}) {
      var run = new AttentionRun(new Shape(heads, kvHeads, dim, kv), 90, target, Schedule.DEFERRED);
      run.store();
      for (int window : new int[] {0, 40}) {
        for (int[] span : new int[][] {{0, 64}, {64, 26}, {17, 1}, {30, 37}}) {
          int[] rows = new int[span[1]];
          Arrays.setAll(rows, i -> span[0] + i);
          float[] actual = run.prefillOnTensorCores(span[0], span[1], window);
          run.check(rows, window, actual, 2e-3);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 64, f16", "3, 1, 80, f32", "1, 1, 128, q8_0"})
  void tokensThatSeeAheadEqualTruth(int heads, int kvHeads, int dim, String kv) {
    for (String target : new String[] {"sm_70", "sm_80"}) {
      var run = new AttentionRun(new Shape(heads, kvHeads, dim, kv), 90, target, Schedule.EAGER);
      run.store();
      for (int[] span : new int[][] {{0, 64}, {64, 26}}) {
        run.checkEncoded(span[0], run.encode(span[0], span[1], false), 2e-6);
        if (dim % 64 == 0) {
          run.checkEncoded(span[0], run.encode(span[0], span[1], true), 2e-3);
        }
      }
    }
  }

  /** Beyond one split of the softmax, with a window that begins in its middle. */
  @Test
  void longSequences() {
    var run = new AttentionRun(new Shape(2, 1, 16, "f16"), 600, "sm_80", Schedule.EAGER);
    run.store();
    int[] rows = {599, 255, 256, 511, 512};
    run.check(rows, 0, run.decode(rows, 0, 256, 3));
    run.check(rows, 300, run.decode(rows, 300, 256, 5));
    int[] last = new int[9];
    Arrays.setAll(last, i -> 591 + i);
    run.check(last, 0, run.prefill(591, 9, 0));
    run.check(last, 300, run.prefill(591, 9, 300));
  }

  /** Bits of a row are the same whatever other rows are in the launch, padding among them. */
  @Test
  void rowsDoNotDependOnTheirNeighbours() {
    var run = new AttentionRun(new Shape(4, 2, 64, "f16"), 300, "sm_80", Schedule.DEFERRED);
    run.store();
    float[] alone = run.decode(new int[] {299}, 0, 128, 3);
    float[] together = run.decode(new int[] {12, 299, AttentionRun.PADDING, 140}, 0, 128, 7);
    int width = alone.length;
    assertArrayEquals(alone, Arrays.copyOfRange(together, width, 2 * width));
    assertArrayEquals(new float[width], Arrays.copyOfRange(together, 2 * width, 3 * width));
  }

  @ParameterizedTest
  @CsvSource({"0, 32", "1, 32", "0, 10", "1, 10"})
  void ropeAndNormsEqualTruth(int halves, int pairs) {
    var run = new AttentionRun(new Shape(5, 2, 80, "f32"), 40, "sm_80", Schedule.EAGER);
    run.rotate(pairs, halves == 1);
  }
}
