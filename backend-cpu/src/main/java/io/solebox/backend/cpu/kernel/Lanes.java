package io.solebox.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of this machine and the few primitives that all kernels share. Every species is
 * {@code static final}: the optimizing compiler must see it as a constant.
 *
 * <p>No primitive here leaves its order of operations to the JDK: {@code reduceLanes} may sum
 * floats in any order, even another one after compilation, so {@link #sum} spells its tree out.
 */
public final class Lanes {
  /** The widest float vector of this machine, at most 512 bits. */
  static final VectorSpecies<Float> F = widest();

  /** L: floats per vector, 4, 8 or 16. */
  static final int L = F.length();

  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** Words of 16 bits, in vectors of the same width. */
  static final VectorSpecies<Short> WORDS = VectorSpecies.of(short.class, F.vectorShape());

  /** Bytes are loaded 8 or 16 at a time; at 128 bits a load feeds two float vectors. */
  private static final VectorSpecies<Byte> B =
      L == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private static final VectorSpecies<Short> S =
      switch (L) {
        case 16 -> ShortVector.SPECIES_256;
        case 8 -> ShortVector.SPECIES_128;
        default -> ShortVector.SPECIES_64;
      };

  /** No half is as large but infinities and NaN. */
  static final float BEYOND_HALF = 0x1p16f;

  static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private Lanes() {}

  private static VectorSpecies<Float> widest() {
    return switch (FloatVector.SPECIES_PREFERRED.length()) {
      case 4, 2, 1 -> FloatVector.SPECIES_128;
      case 8 -> FloatVector.SPECIES_256;
      default -> FloatVector.SPECIES_512;
    };
  }

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(F, i -> (i + by) % L);
  }

  /** Bits of a vector register, for people. */
  public static int vectorBits() {
    return F.vectorBitSize();
  }

  static FloatVector zero() {
    return FloatVector.zero(F);
  }

  static FloatVector all(float x) {
    return FloatVector.broadcast(F, x);
  }

  static FloatVector floats(MemorySegment s, long at) {
    return FloatVector.fromMemorySegment(F, s, at, LE);
  }

  static FloatVector floats(float[] a, int at) {
    return FloatVector.fromArray(F, a, at);
  }

  /** Chunk {@code c} of L signed bytes at {@code at}, as floats. */
  static FloatVector signedBytes(MemorySegment s, long at, int c) {
    if (L == 4) {
      var b = ByteVector.fromMemorySegment(B, s, at + (c >> 1) * 8L, LE);
      return (FloatVector) b.castShape(F, c & 1);
    }
    return (FloatVector) ByteVector.fromMemorySegment(B, s, at + (long) c * L, LE).castShape(F, 0);
  }

  /** Chunk {@code c} of L unsigned bytes at {@code at}, as ints. */
  static IntVector unsignedBytes(MemorySegment s, long at, int c) {
    if (L == 4) {
      var b = ByteVector.fromMemorySegment(B, s, at + (c >> 1) * 8L, LE);
      return (IntVector) b.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, c & 1);
    }
    var b = ByteVector.fromMemorySegment(B, s, at + (long) c * L, LE);
    return (IntVector) b.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  static FloatVector toFloat(IntVector v) {
    return (FloatVector) v.convert(VectorOperators.I2F, 0);
  }

  /** L signed shorts at byte {@code at}, as ints. */
  static IntVector shorts(MemorySegment s, long at) {
    return (IntVector) ShortVector.fromMemorySegment(S, s, at, LE).castShape(I, 0);
  }

  /**
   * Half floats in the low half of each lane (sign-extended), exactly, subnormals included: the
   * bits moved to their places in a float are the value times 2^-112. Infinities and NaN do not
   * occur in weights and become large finite numbers.
   */
  static FloatVector halfToFloat(IntVector h) {
    return h.lanewise(VectorOperators.LSHL, 13).and(0x8FFFE000).reinterpretAsFloats().mul(0x1p112f);
  }

  /** The same for caches, which hold no infinities, but what is no number stays none. */
  static FloatVector cachedHalves(IntVector h) {
    FloatVector v = halfToFloat(h);
    return v.blend(Float.NaN, v.abs().compare(VectorOperators.GE, BEYOND_HALF));
  }

  static FloatVector bfloatToFloat(IntVector h) {
    return h.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** One half float, as scale of a block. */
  static float half(MemorySegment s, long at) {
    return Float.float16ToFloat(s.get(SHORT, at));
  }

  /** The sum of all lanes, by a fixed tree: lane i with i + L/2, then i + L/4, and so on. */
  static float sum(FloatVector v) {
    if (L == 16) {
      v = v.add(v.rearrange(BY_8));
    }
    if (L >= 8) {
      v = v.add(v.rearrange(BY_4));
    }
    v = v.add(v.rearrange(BY_2));
    v = v.add(v.rearrange(BY_1));
    return v.lane(0);
  }

  static final float LOG2_E = (float) (1 / Math.log(2));
  static final float LN2_HIGH = 0x1.63p-1f;
  static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);
  static final float ROUND = 0x1.8p23f;

  /**
   * e^x to about 2e-7 relative, for x up to 88; 0 below -87. Range reduction to |r| <= ln(2)/2 with
   * ln 2 in two parts, then the Taylor polynomial of degree 7, whose error there is under 1e-8.
   */
  static FloatVector exp(FloatVector x) {
    var clamped = x.max(-87f).min(88f);
    var shifted = clamped.fma(all(LOG2_E), all(ROUND));
    var n = shifted.sub(ROUND);
    var r = n.fma(all(-LN2_HIGH), clamped);
    r = n.fma(all(-LN2_LOW), r);
    var p = all(1 / 5040f);
    p = p.fma(r, all(1 / 720f));
    p = p.fma(r, all(1 / 120f));
    p = p.fma(r, all(1 / 24f));
    p = p.fma(r, all(1 / 6f));
    p = p.fma(r, all(0.5f));
    p = p.fma(r, all(1f));
    p = p.fma(r, all(1f));
    var power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(127 << 23);
    var result = p.mul(power.reinterpretAsFloats());
    return result.blend(0f, x.lt(-87f));
  }
}
