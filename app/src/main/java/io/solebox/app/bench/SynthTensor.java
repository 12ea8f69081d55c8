package io.solebox.app.bench;

import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of random weights, or of given ones.
 *
 * @param sizes as GGUF writes them
 * @param values of a vector
 */
record SynthTensor(String name, TensorType type, List<Long> sizes, Optional<float[]> values) {
  static SynthTensor matrix(String name, TensorType type, int cols, int rows) {
    TensorType fits = fitting(type, cols);
    return new SynthTensor(
        name + ".weight", fits, List.of((long) cols, (long) rows), Optional.empty());
  }

  /** What quantizers take where rows are no whole blocks (ggml-org/llama.cpp: llama-quant.cpp). */
  private static TensorType fitting(TensorType type, int cols) {
    if (cols % type.blockSize() == 0) {
      return type;
    }
    return type == TensorType.Q4_K ? TensorType.Q5_0 : TensorType.Q8_0;
  }

  /** A matrix for each of {@code count} experts or heads. */
  static SynthTensor stack(String name, TensorType type, int cols, int rows, int count) {
    return new SynthTensor(
        name + ".weight", type, List.of((long) cols, (long) rows, (long) count), Optional.empty());
  }

  static SynthTensor vector(String name, float[] values) {
    return named(name + ".weight", values);
  }

  /** With a name that has no ending. */
  static SynthTensor named(String name, float[] values) {
    return new SynthTensor(
        name, TensorType.F32, List.of((long) values.length), Optional.of(values));
  }

  static SynthTensor same(String name, int n, float value) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return vector(name, values);
  }

  static SynthTensor ones(String name, int n) {
    return same(name, n, 1);
  }

  int cols() {
    return Math.toIntExact(sizes.getFirst());
  }

  long bytes() {
    return type.bytes(sizes.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact));
  }
}
