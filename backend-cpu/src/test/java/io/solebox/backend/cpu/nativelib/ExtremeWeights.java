package io.solebox.backend.cpu.nativelib;

import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.Scales;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * Weights of quantized formats whose codes, and integers of runs, are mostly the smallest and the
 * largest there are, side by side and by themselves.
 */
final class ExtremeWeights {
  /** The scale of blocks, and their minimums. Those of odd rows are negative. */
  enum Scale {
    /** None; of formats whose scale is a power the smallest. */
    ZERO(0),
    /** Of f16, which is below its normal numbers. */
    SMALLEST(0x1p-24),
    /** Of f16; of powers one whose products are finite. */
    LARGEST(65504);

    private final double f16;

    Scale(double f16) {
      this.f16 = f16;
    }
  }

  /** Bytes that are all codes of 1 to 8 bits, or the highest of them, at one end; or at both. */
  private static final int[] ENDS = {0x00, 0xff, 0x7f, 0x80, 0x0f, 0xf0};

  /** Codes that belong together stand in so many bytes or more. */
  private static final int PIECE = 16;

  /** E8M0, of a power whose products with large activations are finite. */
  private static final int LARGE_POWER = 200;

  private final Arena arena;
  private final RandomGenerator random;

  ExtremeWeights(Arena arena, RandomGenerator random) {
    this.arena = arena;
    this.random = random;
  }

  Weight weight(int rows, int cols, TensorType type, Scale scale) {
    MemorySegment data = arena.allocate(type.bytes(cols) * rows, 2);
    for (int row = 0; row < rows; row++) {
      double sign = row % 2 == 0 ? 1 : -1;
      for (long at = 0; at < type.bytes(cols); at += type.blockBytes()) {
        MemorySegment block = data.asSlice(row * type.bytes(cols) + at, type.blockBytes());
        fillCodes(block);
        putScale(block, type.family().orElseThrow().scales(), scale, sign);
      }
    }
    return new Weight("extreme " + scale, rows, cols, type, data);
  }

  /** Half of the blocks have one kind of bytes, the others one in each piece. */
  private void fillCodes(MemorySegment block) {
    int all = end();
    boolean mixed = random.nextBoolean();
    for (long at = 0; at < block.byteSize(); at += PIECE) {
      long bytes = Math.min(PIECE, block.byteSize() - at);
      block.asSlice(at, bytes).fill((byte) (mixed ? end() : all));
    }
  }

  private int end() {
    return ENDS[random.nextInt(ENDS.length)];
  }

  private static void putScale(MemorySegment block, Scales scales, Scale scale, double sign) {
    switch (scales) {
      case Scales.Single _, Scales.Pair _, Scales.Nested _, Scales.Signed _, Scales.Scattered _ ->
          scales.putScale(block, 0, (float) (sign * scale.f16));
      case Scales.Odd o -> o.putScale(block, 0, (float) Math.scalb(sign * scale.f16, -o.shift()));
      case Scales.Minifloats m -> m.putScale(block, 0, (float) scale.f16);
      case Scales.Power p -> putPower(block, p, scale, sign);
    }
    if (scales.hasMinimums()) {
      scales.putMinimum(block, 0, (float) (sign * scale.f16));
    }
  }

  /** The largest power, which is beyond what products can be, is for weights of 0. */
  private static void putPower(MemorySegment block, Scales.Power scales, Scale scale, double sign) {
    int exponent =
        switch (scale) {
          case ZERO -> 0;
          case SMALLEST -> 1;
          case LARGEST -> sign > 0 ? LARGE_POWER : 255;
        };
    if (exponent == 255) {
      block.fill((byte) 0);
    }
    block.set(ValueLayout.JAVA_BYTE, scales.at(), (byte) exponent);
  }
}
