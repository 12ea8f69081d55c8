package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The packing that Q4_0, Q4_1, Q5_0 and Q5_1 share. */
final class Nibbles {
  private static final IntVector LANE = IntVector.zero(Lanes.I).addIndex(1);

  /** Chunks in half a block. */
  private static final int HALF = 16 / L;

  private Nibbles() {}

  /** Chunk {@code c} of the 32 nibbles in 16 bytes: the low ones, then the high ones. */
  static IntVector of32(MemorySegment w, long at, int c) {
    return c < HALF
        ? Lanes.unsignedBytes(w, at, c).and(15)
        : Lanes.unsignedBytes(w, at, c - HALF).lanewise(VectorOperators.LSHR, 4);
  }

  /** Chunk {@code c} of 32 bits, bit k for weight k, each moved to the place of the fifth bit. */
  static IntVector fifthBits(int bits, int c) {
    IntVector shifted =
        IntVector.broadcast(Lanes.I, bits >>> (c * L)).lanewise(VectorOperators.LSHR, LANE);
    return shifted.and(1).lanewise(VectorOperators.LSHL, 4);
  }
}
