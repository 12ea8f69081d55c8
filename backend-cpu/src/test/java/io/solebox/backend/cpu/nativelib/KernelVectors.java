package io.solebox.backend.cpu.nativelib;

import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import io.solebox.testkit.Truth;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * Writes inputs and true results of all kernels, for {@code src/test/native/harness.c}, which
 * describes the format: per case its kind, eight numbers, the sizes of six tensors in bytes, and
 * the tensors.
 */
final class KernelVectors implements AutoCloseable {
  private static final int LINEAR = 1;
  private static final int ATTENTION = 2;
  private static final int NORM = 3;
  private static final int SWIGLU = 4;
  private static final int ADD = 5;
  private static final int ROPE = 6;
  private static final int ANSWERS = 7;
  private static final int PARAMETERS = 8;
  private static final int TENSORS = 6;

  private static final int TOKENS = 17;

  private final OutputStream out;
  private final Arena arena = Arena.ofConfined();

  private KernelVectors(OutputStream out) {
    this.out = out;
  }

  static void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (var vectors = new KernelVectors(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (TensorType type : TensorType.values()) {
        vectors.linear(type);
      }
      Mask causal = new Mask.Causal();
      for (TensorType cache : new TensorType[] {TensorType.F32, TensorType.F16, TensorType.Q8_0}) {
        vectors.attention(cache, 2, 4, 64, causal, 70);
        vectors.attention(cache, 1, 3, 96, causal, 19);
        vectors.attention(cache, 2, 1, 32, causal, 560);
        vectors.attention(cache, 2, 2, 32, new Mask.Bidirectional(), 41);
        vectors.attention(cache, 1, 8, 128, new Mask.SlidingWindow(300), 700);
        vectors.attention(cache, 1, 2, 64, new Mask.SlidingWindow(5), 270);
      }
      vectors.attention(TensorType.F16, 2, 2, 20, causal, 65);
      vectors.attention(TensorType.F32, 1, 3, 64, new Mask.Bidirectional(), 530);
      vectors.attention(TensorType.F32, 1, 5, 8, new Mask.SlidingWindow(33), 300);
      for (int n : new int[] {1, 7, 64, 100, 2048, 4099}) {
        vectors.pointwise(n);
        vectors.answers(n);
      }
      vectors.rope(Rotation.Pairing.ADJACENT, 80, 10);
      vectors.rope(Rotation.Pairing.HALVES, 64, 32);
      vectors.rope(Rotation.Pairing.HALVES, 6, 3);
    }
  }

  /** Odd numbers of rows; one block, a few, and more than a kernel takes at once. */
  private static int[][] shapes(TensorType type) {
    return switch (type.blockSize()) {
      case 1 -> new int[][] {{1, 1}, {3, 7}, {37, 100}, {18, 771}, {21, 4096}};
      case 32 -> new int[][] {{1, 32}, {3, 96}, {37, 64}, {33, 544}, {50, 4096}};
      case 64, 128 -> new int[][] {{1, 128}, {37, 384}, {33, 1280}, {50, 4096}};
      default -> new int[][] {{1, 256}, {37, 512}, {33, 1280}, {50, 4096}};
    };
  }

  private void linear(TensorType type) throws IOException {
    var tensors = new RandomTensors(arena, new SplittableRandom(type.id()));
    for (int[] shape : shapes(type)) {
      Weight w = tensors.weight("w", shape[0], shape[1], type, 0.1);
      Weight x = tensors.gaussian("x", TOKENS, shape[1], 1);
      Weight bias = tensors.gaussian("b", 1, shape[0], 1);
      linear(w, x, RandomTensors.values(bias)[0]);
      linear(w, x, new double[0]);
    }
  }

  private void linear(Weight w, Weight x, double[] bias) throws IOException {
    double[][] weights = RandomTensors.values(w);
    double[][] inputs = RandomTensors.values(x);
    double squares = Arrays.stream(weights).mapToDouble(row -> Math.pow(Truth.norm(row), 2)).sum();
    double[][] expected = new double[TOKENS][];
    double[] scale = new double[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      expected[t] = Truth.linear(weights, inputs[t], bias);
      // What a row of independent terms has; the norm itself is no measure where terms cancel.
      double typical = Math.sqrt(squares / w.cols()) * Truth.norm(inputs[t]);
      scale[t] = Math.max(Truth.norm(expected[t]), typical);
    }
    put(
        LINEAR,
        new long[] {w.type().id(), w.rows(), w.cols(), TOKENS},
        w.data().toArray(ValueLayout.JAVA_BYTE),
        floats(weights),
        floats(inputs),
        floats(bias),
        doubles(expected),
        doubles(scale));
  }

  /** The last tokens of a sequence of {@code positions}. */
  private void attention(
      TensorType cache, int kvHeads, int headsPerKv, int dim, Mask mask, int positions)
      throws IOException {
    var random = new SplittableRandom(dim + positions);
    var tensors = new RandomTensors(arena, random);
    int heads = kvHeads * headsPerKv;
    // Tiles of rows are the same for more tokens where heads share keys and values.
    int tokens = Math.min(positions, headsPerKv > 4 ? 9 : TOKENS);
    double[][] q = RandomTensors.values(tensors.gaussian("q", tokens, heads * dim, 2));
    double[][] k =
        RandomTensors.values(tensors.floats("k", positions, kvHeads * dim, exact(random)));
    double[][] v =
        RandomTensors.values(tensors.floats("v", positions, kvHeads * dim, exact(random)));
    double[][] expected = new double[tokens][heads * dim];
    for (int t = 0; t < tokens; t++) {
      for (int head = 0; head < heads; head++) {
        double[] query = Arrays.copyOfRange(q[t], head * dim, (head + 1) * dim);
        int kv = head / headsPerKv * dim;
        double scale = (float) (1 / Math.sqrt(dim));
        double[] result =
            Truth.attention(query, k, v, kv, positions - tokens + t, positions - 1, scale, mask);
        System.arraycopy(result, 0, expected[t], head * dim, dim);
      }
    }
    put(
        ATTENTION,
        new long[] {
          cache.id(),
          kvHeads,
          headsPerKv,
          dim,
          mask.window().orElse(Integer.MAX_VALUE),
          positions,
          tokens,
          mask.seesAhead() ? 1 : 0
        },
        floats(q),
        floats(k),
        floats(v),
        doubles(expected));
  }

  /** Multiples of 1/64 up to 127/64, and in every 32 the largest: all cache types keep each bit. */
  private static DoubleSupplier exact(SplittableRandom random) {
    int[] count = {0};
    return () -> count[0]++ % 32 == 5 ? 127 / 64.0 : (random.nextInt(255) - 127) / 64.0;
  }

  private void pointwise(int n) throws IOException {
    var tensors = new RandomTensors(arena, new SplittableRandom(n));
    double[] a = RandomTensors.values(tensors.gaussian("a", 1, n, 10))[0];
    double[] b = RandomTensors.values(tensors.gaussian("b", 1, n, 1))[0];
    double[] sum = new double[n];
    Arrays.setAll(sum, i -> (float) a[i] + (float) b[i]);
    put(ADD, new long[0], floats(a), floats(b), floats(sum));
    put(NORM, new long[0], floats(a), floats(b), doubles(Truth.rmsNorm(a, b, 1e-5f)));
    put(SWIGLU, new long[0], floats(a), floats(b), doubles(Truth.swiGlu(a, b)));
  }

  private void rope(Rotation.Pairing pairing, int dim, int pairs) throws IOException {
    int heads = 3;
    int position = 1234;
    float[] frequencies = new float[pairs];
    double[] table = new double[2 * pairs];
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = (float) Math.pow(10000, -(double) i / pairs);
      table[i] = Math.cos(position * (double) frequencies[i]);
      table[pairs + i] = Math.sin(position * (double) frequencies[i]);
    }
    var tensors = new RandomTensors(arena, new SplittableRandom(dim));
    double[] x = RandomTensors.values(tensors.gaussian("x", 1, heads * dim, 1))[0];
    var rotation = new Rotation(pairing, frequencies, 1);
    put(
        ROPE,
        new long[] {heads, dim, pairs, pairing == Rotation.Pairing.ADJACENT ? 1 : 0},
        floats(x),
        floats(table),
        doubles(Truth.rope(x, position, dim, rotation)));
  }

  /** Few different values, so that many are equal. */
  private void answers(int n) throws IOException {
    int k = 40;
    var random = new SplittableRandom(n);
    double[] logits = random.ints(n, -100, 100).mapToDouble(i -> i / 8.0).toArray();
    int[] best =
        IntStream.range(0, n)
            .boxed()
            .sorted((i, j) -> Double.compare(logits[j], logits[i]))
            .limit(k)
            .mapToInt(i -> i)
            .toArray();
    double sum = Arrays.stream(logits).map(l -> Math.exp(l - logits[best[0]])).sum();
    ByteBuffer ids = buffer(4 * best.length);
    Arrays.stream(best).forEach(ids::putInt);
    put(ANSWERS, new long[] {k}, floats(logits), ids.array(), doubles(sum));
  }

  private void put(int kind, long[] parameters, byte[]... tensors) throws IOException {
    ByteBuffer header = buffer(8 * (1 + PARAMETERS + TENSORS)).putLong(kind);
    for (int i = 0; i < PARAMETERS; i++) {
      header.putLong(i < parameters.length ? parameters[i] : 0);
    }
    for (int i = 0; i < TENSORS; i++) {
      header.putLong(i < tensors.length ? tensors[i].length : 0);
    }
    out.write(header.array());
    for (byte[] tensor : tensors) {
      out.write(tensor);
    }
  }

  private static byte[] floats(double[]... rows) {
    ByteBuffer bytes = buffer(4 * Arrays.stream(rows).mapToInt(row -> row.length).sum());
    Arrays.stream(rows).flatMapToDouble(Arrays::stream).forEach(x -> bytes.putFloat((float) x));
    return bytes.array();
  }

  private static byte[] doubles(double[]... rows) {
    ByteBuffer bytes = buffer(8 * Arrays.stream(rows).mapToInt(row -> row.length).sum());
    Arrays.stream(rows).flatMapToDouble(Arrays::stream).forEach(bytes::putDouble);
    return bytes.array();
  }

  private static byte[] doubles(double value) {
    return doubles(new double[] {value});
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    arena.close();
    out.close();
  }
}
