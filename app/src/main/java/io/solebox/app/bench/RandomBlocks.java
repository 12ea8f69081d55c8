package io.solebox.app.bench;

import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.Family;
import io.solebox.engine.tensor.Scales;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Valid random blocks of every weight format, written as they are, never quantized: any codes, and
 * scales that fit. Weights have mean 0 and a standard deviation of 1/sqrt(columns), so that a
 * product of normed activations has about their size. One buffer per format and width is filled
 * once; tensors begin at various places of it, so that a file is written as fast as the disk takes
 * it.
 */
final class RandomBlocks {
  private static final int BUFFER_BLOCK_BYTES = 4 << 20;

  /** Enough to measure their mean square to a percent. */
  private static final int SAMPLE_BLOCKS = 64;

  private final SplittableRandom random;
  private final Map<TensorType, Map<Integer, ByteBuffer>> buffers = new EnumMap<>(TensorType.class);

  RandomBlocks(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Data of a matrix with {@code cols} columns and {@code bytes} bytes in all. */
  GgufWriter.TensorData tensor(TensorType type, int cols, long bytes) {
    ByteBuffer buffer = buffer(type, cols);
    int blocks = buffer.capacity() / type.blockBytes();
    int start = random.nextInt(blocks) * type.blockBytes();
    return out -> {
      long left = bytes;
      int at = start;
      while (left > 0) {
        int length = (int) Math.min(left, buffer.capacity() - at);
        ByteBuffer part = buffer.slice(at, length);
        while (part.hasRemaining()) {
          out.write(part);
        }
        left -= length;
        at = 0;
      }
    };
  }

  /** Whole blocks of a matrix with {@code cols} columns, to be repeated. */
  MemorySegment pattern(TensorType type, int cols) {
    return MemorySegment.ofBuffer(buffer(type, cols));
  }

  private ByteBuffer buffer(TensorType type, int cols) {
    return buffers
        .computeIfAbsent(type, _ -> new HashMap<>())
        .computeIfAbsent(cols, c -> fill(type, 1 / Math.sqrt(c)));
  }

  private ByteBuffer fill(TensorType type, double deviation) {
    int blocks = BUFFER_BLOCK_BYTES / type.blockBytes();
    ByteBuffer buffer = ByteBuffer.allocateDirect(blocks * type.blockBytes());
    MemorySegment segment = MemorySegment.ofBuffer(buffer);
    if (type.family().isPresent()) {
      codes(segment, type, type.family().get(), deviation);
    } else {
      floats(segment, type, blocks, deviation);
    }
    return buffer;
  }

  private void floats(MemorySegment out, TensorType type, int count, double deviation) {
    double largest = Math.sqrt(3) * deviation;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble(-1, 1) * largest);
    }
    BlockLayouts.quantizer(type).orElseThrow().quantize(values, 0, out, 0, count);
  }

  private void codes(MemorySegment out, TensorType type, Family family, double deviation) {
    for (long at = 0; at < out.byteSize(); at++) {
      out.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
    }
    Moments values = Moments.of(family.codes().values());
    double mean = values.mean();
    float scale = (float) (deviation / Math.sqrt(square(out, type, family, values)));
    for (long at = 0; at < out.byteSize(); at += type.blockBytes()) {
      family.scales().putScale(out, at, scale);
      switch (family.scales()) {
        case Scales.Single _,
            Scales.Power _,
            Scales.Signed _,
            Scales.Odd _,
            Scales.Scattered _,
            Scales.Minifloats _ -> {
          // The mean is 0, or nearly.
        }
        case Scales.Pair p -> p.putMinimum(out, at, (float) -mean * scale);
        case Scales.Nested n -> n.putMinimum(out, at, (float) mean * scale);
      }
    }
  }

  /** The mean square of weights whose blocks have a scale of 1. */
  private static double square(
      MemorySegment blocks, TensorType type, Family family, Moments values) {
    Moments factors = factors(family.scales());
    return switch (family.scales()) {
      // A run's scale and minimum are independent of each other.
      case Scales.Pair _, Scales.Nested _ ->
          factors.square() * values.variance()
              + 2 * values.mean() * values.mean() * factors.variance();
      case Scales.Single _, Scales.Power _, Scales.Signed _, Scales.Minifloats _ ->
          factors.square() * values.square();
      // What a grid has most of is not what its codes could be.
      case Scales.Odd _, Scales.Scattered _ -> measured(blocks, type, family.scales());
    };
  }

  private static double measured(MemorySegment blocks, TensorType type, Scales scales) {
    float[] weights = new float[SAMPLE_BLOCKS * type.blockSize()];
    for (int b = 0; b < SAMPLE_BLOCKS; b++) {
      scales.putScale(blocks, (long) b * type.blockBytes(), 1);
    }
    BlockLayouts.of(type).dequantize(blocks, 0, weights, 0, weights.length);
    double sum = 0;
    for (float w : weights) {
      sum += (double) w * w;
    }
    return sum / weights.length;
  }

  /** What the integers of runs can be. */
  private static Moments factors(Scales scales) {
    int half = 1 << Math.max(0, scales.bits() - 1);
    return Moments.of(
        switch (scales) {
          case Scales.Single _, Scales.Power _, Scales.Pair _, Scales.Minifloats _ -> List.of(1);
          case Scales.Odd _, Scales.Scattered _ ->
              IntStream.range(0, 2 * half).map(i -> 2 * i + 1).boxed().toList();
          case Scales.Nested _ -> IntStream.range(0, 2 * half).boxed().toList();
          case Scales.Signed _ -> IntStream.range(-half, half).boxed().toList();
        });
  }

  /** Of numbers that are equally probable. */
  private record Moments(double mean, double square) {
    static Moments of(List<Integer> numbers) {
      return new Moments(
          numbers.stream().mapToDouble(n -> n).average().orElseThrow(),
          numbers.stream().mapToDouble(n -> n * n).average().orElseThrow());
    }

    double variance() {
      return square - mean * mean;
    }
  }
}
