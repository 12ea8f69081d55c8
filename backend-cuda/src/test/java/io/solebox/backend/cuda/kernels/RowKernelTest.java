package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.backend.cuda.fake.KernelFault;
import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels that take rows one by one: embedding, norm, quantization, elementwise ones. */
class RowKernelTest {
  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void embedEqualsTheScalarTruthToTheBit(TensorType type) {
    int cols = 3 * Math.max(type.blockSize(), 37);
    cols -= cols % type.blockSize();
    try (Arena arena = Arena.ofShared()) {
      Weight table =
          new RandomTensors(arena, new SplittableRandom(1)).weight("t", 9, cols, type, 1);
      var run = LinearProducts.module("sm_70", "embed", type);
      int[] tokens = {3, 8, 0, 3};
      long out = run.machine().allocate(4 * tokens.length * cols);
      run.machine()
          .launch(
              "embed_" + LinearProducts.wireName(type),
              tokens.length,
              1,
              128,
              KernelRun.arguments(out, run.machine().upload(tokens), run.planes(table), cols));
      float[] actual = run.machine().floats(out, tokens.length * cols);
      double[][] expected = RandomTensors.values(table);
      for (int i = 0; i < actual.length; i++) {
        assertEquals((float) expected[tokens[i / cols]][i % cols], actual[i], type + ", " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 32",
    "100, 100, 64",
    "2048, 2048, 512",
    "192, 64, 32",
    "30, 10, 32",
    "1088, 1088, 32", // more than a thread holds
    "1312, 1312, 96"
  })
  void rmsNormEqualsTruth(int width, int group, int threads) {
    var random = new SplittableRandom(width);
    float[] a = KernelTruth.gaussian(random, 3 * width, 1);
    float[] b = KernelTruth.gaussian(random, 3 * width, 1);
    float[] gain = KernelTruth.gaussian(random, group, 2);
    double[] expected = new double[a.length];
    double[] sums = new double[a.length];
    for (int from = 0; from < a.length; from += group) {
      double squares = 0;
      for (int i = from; i < from + group; i++) {
        sums[i] = a[i] + b[i];
        squares += sums[i] * sums[i];
      }
      for (int i = from; i < from + group; i++) {
        expected[i] = sums[i] / Math.sqrt(squares / group + 1e-5f) * gain[i - from];
      }
    }
    var run = new KernelRun("sm_80", "norm", Schedule.EAGER);
    var machine = run.machine();
    long out = machine.allocate(4 * a.length);
    long sum = machine.upload(a);
    boolean quantized = group == width && width % 32 == 0;
    long xq = quantized ? machine.allocate(a.length) : KernelRun.NONE;
    long xs = quantized ? machine.allocate(a.length / 4) : KernelRun.NONE;
    machine.launch(
        "rmsnorm",
        3,
        width / group,
        threads,
        out,
        xq,
        xs,
        sum,
        sum,
        machine.upload(b),
        machine.upload(gain),
        width,
        group,
        1e-5f);
    KernelTruth.assertClose("norm", expected, machine.floats(out, a.length), 1e-6, 0);
    KernelTruth.assertClose("sum", sums, machine.floats(sum, a.length), 1e-6, 0);
    if (quantized) {
      float[] values = run.values(new KernelRun.Eight(xq, xs), a.length);
      KernelTruth.assertClose("quantized norm", expected, values, 1e-2, 0);
    }
  }

  @Test
  void quantizationEqualsTheDescription() {
    var random = new SplittableRandom(3);
    float[] x = KernelTruth.gaussian(random, 2144, 3);
    java.util.Arrays.fill(x, 64, 96, 0f);
    java.util.Arrays.fill(x, 96, 128, 1e-42f);
    x[130] = 3e38f;
    var run = new KernelRun("sm_80", "quantize", Schedule.EAGER);
    var machine = run.machine();
    var expected = run.quantized(x, 32);
    long xq = machine.allocate(x.length);
    long xs = machine.allocate(x.length / 4);
    machine.launch("quantize_q8", 3, 1, 256, xq, xs, machine.upload(x), x.length);
    int tiny = 96;
    for (int i = 0; i < x.length; i++) {
      if (i < tiny || i >= tiny + 32) {
        assertEquals(
            machine.bytes(expected.xq(), x.length).get(ValueLayout.JAVA_BYTE, i),
            machine.bytes(xq, x.length).get(ValueLayout.JAVA_BYTE, i),
            "element " + i);
      }
    }
    int[] scales = machine.ints(xs, x.length / 16);
    int[] wanted = machine.ints(expected.xs(), x.length / 16);
    scales[7] = wanted[7]; // of the tiny block, whose quants Java's overflowed
    assertArrayEquals(wanted, scales);
  }

  /** A bad value must not look like a good one. */
  @Test
  void nanAndInfinitySpoilTheirBlockAndNoOther() {
    float[] x = new float[96];
    java.util.Arrays.fill(x, 1);
    x[5] = Float.NaN;
    x[40] = Float.NEGATIVE_INFINITY;
    var run = new KernelRun("sm_80", "quantize", Schedule.EAGER);
    var machine = run.machine();
    long xq = machine.allocate(96);
    long xs = machine.allocate(24);
    machine.launch("quantize_q8", 1, 1, 256, xq, xs, machine.upload(x), 96);
    float[] values = run.values(new KernelRun.Eight(xq, xs), 96);
    assertEquals(Float.NaN, values[0]);
    assertEquals(false, Float.isFinite(values[40]));
    assertEquals(1, values[64], 1e-6);
  }

  @Test
  void swigluIsRightElementByElement() {
    float[] gates = {0, -0.0f, 1, -1, 100, -100, 20, -20, 1e-20f, 87.5f, -87.5f, 1e4f, -1e4f};
    var random = new SplittableRandom(1);
    int n = 1100;
    float[] gate = new float[n];
    for (int i = 0; i < n; i++) {
      gate[i] = i < 500 ? gates[i % gates.length] : (float) random.nextGaussian() * 8;
    }
    float[] up = KernelTruth.gaussian(random, n, 1);
    var machine = new KernelRun("sm_80", "pointwise", Schedule.EAGER).machine();
    long out = machine.allocate(4 * n);
    int silu = Activation.SILU.ordinal();
    long from = machine.upload(gate);
    machine.launch("gate", 2, 1, 256, out, from, machine.upload(up), silu, 0f, 0f, n);
    float[] actual = machine.floats(out, n);
    for (int i = 0; i < n; i++) {
      double expected = KernelTruth.silu(gate[i]) * up[i];
      assertEquals(expected, actual[i], 3e-6 * Math.abs(expected) + 1e-30, "gate " + gate[i]);
    }
  }

  @Test
  void addAndSelectAreExact() {
    var random = new SplittableRandom(1);
    int n = 2111;
    float[] a = KernelTruth.gaussian(random, n, 1);
    float[] b = KernelTruth.gaussian(random, n, 1000);
    var machine = new KernelRun("sm_70", "pointwise", Schedule.EAGER).machine();
    long out = machine.allocate(4 * n);
    machine.launch("add", 3, 1, 256, out, machine.upload(a), machine.upload(b), n);
    float[] sums = machine.floats(out, n);
    for (int i = 0; i < n; i++) {
      assertEquals(a[i] + b[i], sums[i]);
    }
    int width = 1055;
    long rows = machine.allocate(4 * 3 * width);
    machine.launch(
        "select_rows", 2, 3, 256, rows, machine.upload(a), machine.upload(1, 0, 1), width);
    float[] selected = machine.floats(rows, 3 * width);
    for (int i = 0; i < selected.length; i++) {
      assertEquals(a[(i / width == 1 ? 0 : width) + i % width], selected[i]);
    }
  }

  /** To the nearest, ties to even, f16 cut off at its greatest; rows padded with zeros. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void roundsTo16Bits(TensorType type) {
    int width = 1029;
    int padded = 1032;
    float[] x = KernelTruth.gaussian(new SplittableRandom(9), 2 * width, 100);
    x[5] = 1e6f;
    x[6] = -1e6f;
    x[7] = 1 + 0x1p-11f;
    x[8] = 1 + 0x3p-11f;
    x[9] = 1 + 0x1p-8f;
    x[10] = 1e-7f;
    var machine = new KernelRun("sm_70", "pointwise", Schedule.EAGER).machine();
    long out = machine.allocate(2 * 2 * padded);
    String entry = "round_" + LinearProducts.wireName(type);
    machine.launch(entry, 2, 2, 256, out, machine.upload(x), width, padded);
    short[] actual = machine.bytes(out, 4L * padded).toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
    for (int i = 0; i < 2 * padded; i++) {
      int k = i % padded;
      short expected = k < width ? KernelTruth.round(type, x[i / padded * width + k]) : 0;
      assertEquals(expected, actual[i], type + ", " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "read_interleaved_8, 512, 9000",
    "read_interleaved_4, 256, 9000",
    "read_contiguous_8, 256, 9000",
    "read_contiguous_8, 256, 70", // less than the warps have lanes
    "read_contiguous_8, 256, 8192"
  })
  void bandwidthIsOfEveryByteOnce(String entry, int threads, int count) {
    var machine = new KernelRun("sm_80", "bandwidth", Schedule.EAGER).machine();
    int[] data = new int[4 * count];
    int expected = 0;
    for (int i = 0; i < data.length; i++) {
      data[i] = i * 0x9e3779b9;
      expected ^= data[i];
    }
    long out = machine.allocate(4 * 2 * threads);
    machine.launch(entry, 2, 1, threads, out, machine.upload(data), (long) count);
    int actual = 0;
    for (int word : machine.ints(out, 2 * threads)) {
      actual ^= word;
    }
    assertEquals(expected, actual);
  }

  /** Half of all bits are ones, and hardly a word is there twice. */
  @Test
  void whatIsReadLooksRandom() {
    var machine = new KernelRun("sm_80", "bandwidth", Schedule.EAGER).machine();
    int count = 2000;
    long data = machine.allocate(16 * count);
    machine.launch("fill_random", 2, 1, 256, data, (long) count);
    int[] words = machine.ints(data, 4 * count);
    double ones = Arrays.stream(words).map(Integer::bitCount).sum() / (32.0 * words.length);
    assertEquals(0.5, ones, 0.01);
    assertEquals(words.length, Arrays.stream(words).distinct().count());
  }

  @Test
  void aChaseLoadsFromEveryAddress() {
    var machine = new KernelRun("sm_80", "probes", Schedule.EAGER).machine();
    long data = machine.upload(7, 8, 9, 10, 11, 12);
    long out = machine.allocate(4);
    machine.launch("chase", 1, 1, 32, out, data, 8L, 3, 0);
    assertEquals(11, machine.ints(out, 1)[0], "the last one");
    assertThrows(KernelFault.class, () -> machine.launch("chase", 1, 1, 32, out, data, 8L, 4, 0));
  }
}
