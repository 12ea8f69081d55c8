package io.solebox.testkit;

import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.Codebook;
import io.solebox.engine.tensor.Family;
import io.solebox.engine.tensor.Quantizer;
import io.solebox.engine.tensor.Scales;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/** Weights of every format made of random blocks: every bit pattern, with scales that stay sane. */
public final class RandomTensors {
  private final Arena arena;
  private final RandomGenerator random;

  /**
   * @param arena lifetime of the weights; must be open to all threads
   */
  public RandomTensors(Arena arena, RandomGenerator random) {
    this.arena = arena;
    this.random = random;
  }

  /** A weight [rows, cols] whose values are of the order of {@code magnitude}. */
  public Weight weight(String name, int rows, int cols, TensorType type, double magnitude) {
    // An odd address: formats are read in place and must not rely on alignment.
    long bytes = type.bytes(cols) * rows;
    MemorySegment data = arena.allocate(bytes + 2, 2).asSlice(2, bytes);
    for (long i = 0; i < bytes; i++) {
      data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    if (type.family().isPresent()) {
      scale(data, type.blockBytes(), type.family().get(), magnitude);
    } else {
      fill(data, type, magnitude);
    }
    return new Weight(name, rows, cols, type, data);
  }

  private void fill(MemorySegment data, TensorType type, double magnitude) {
    float[] value = new float[1];
    Quantizer quantizer = BlockLayouts.quantizer(type).orElseThrow();
    for (long at = 0; at < data.byteSize(); at += type.blockBytes()) {
      value[0] = (float) (random.nextGaussian() * magnitude);
      quantizer.quantize(value, 0, data, at, 1);
    }
  }

  private void scale(MemorySegment data, int blockBytes, Family family, double magnitude) {
    Codebook codes = family.codes();
    int half = Math.max(-codes.smallest(), codes.largest() + 1) / 2;
    int factor = 1 << Math.max(0, family.scales().bits() - 1);
    for (long at = 0; at < data.byteSize(); at += blockBytes) {
      scale(data.asSlice(at, blockBytes), family.scales(), half, factor, magnitude);
    }
  }

  private void scale(MemorySegment block, Scales scales, int half, int factor, double magnitude) {
    scales.putScale(block, 0, (float) (magnitude / (half * factor) * spread()));
    switch (scales) {
      case Scales.Power _ when magnitude == 0 -> block.fill((byte) 0); // a power never is
      case Scales.Single _,
          Scales.Power _,
          Scales.Signed _,
          Scales.Odd _,
          Scales.Scattered _,
          Scales.Minifloats _ -> {
        // Their values have both signs.
      }
      case Scales.Pair p -> p.putMinimum(block, 0, (float) (-magnitude * spread()));
      case Scales.Nested n -> n.putMinimum(block, 0, (float) (magnitude / factor * spread()));
    }
  }

  /** 0.5 to 1.5, now and then negative: files have such scales. */
  private double spread() {
    double s = 0.5 + random.nextDouble();
    return random.nextInt(8) == 0 ? -s : s;
  }

  /**
   * The rows of {@code w} over and over, up to {@code rows}: a matrix of real size in little time.
   */
  static Weight repeated(Weight w, int rows, Arena arena) {
    MemorySegment data = arena.allocate(w.rowBytes() * rows, 64);
    for (int r = 0; r < rows; r += w.rows()) {
      long bytes = w.rowBytes() * Math.min(w.rows(), rows - r);
      MemorySegment.copy(w.data(), 0, data, r * w.rowBytes(), bytes);
    }
    return new Weight(w.name(), rows, w.cols(), w.type(), data);
  }

  /** An f32 weight [rows, cols] of given values. */
  public Weight floats(String name, int rows, int cols, DoubleSupplier values) {
    long n = (long) rows * cols;
    MemorySegment data = arena.allocate(4 * n, 4);
    for (long i = 0; i < n; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values.getAsDouble());
    }
    return new Weight(name, rows, cols, TensorType.F32, data);
  }

  /** An f32 weight [rows, cols], normally distributed. */
  public Weight gaussian(String name, int rows, int cols, double magnitude) {
    return floats(name, rows, cols, () -> random.nextGaussian() * magnitude);
  }

  /** The weight's values by the scalar truth of what it is computed in, as [rows][cols]. */
  public static double[][] values(Weight w) {
    if (w.isTranscoded()) {
      MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(w.bytes())]);
      w.copyRows(0, w.rows(), data);
      return values(new Weight(w.name(), w.rows(), w.cols(), w.type(), data));
    }
    double[][] out = new double[w.rows()][w.cols()];
    float[] row = new float[w.cols()];
    for (int r = 0; r < w.rows(); r++) {
      w.dequantize(r, row, 0);
      for (int c = 0; c < w.cols(); c++) {
        out[r][c] = row[c];
      }
    }
    return out;
  }
}
