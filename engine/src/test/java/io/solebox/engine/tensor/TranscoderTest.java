package io.solebox.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tensor.Transcoder.Fidelity;
import io.solebox.engine.testdata.SharedData;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of weights that a device has no kernels for. */
class TranscoderTest {
  private static final Set<TensorType> FEW =
      EnumSet.of(TensorType.F32, TensorType.F16, TensorType.Q8_0);
  private static final Set<TensorType> MORE =
      EnumSet.of(TensorType.F32, TensorType.Q8_0, TensorType.Q6_K);
  private static final Set<TensorType> MOST =
      EnumSet.of(
          TensorType.F32,
          TensorType.Q3_K,
          TensorType.Q4_0,
          TensorType.Q5_0,
          TensorType.Q6_K,
          TensorType.Q8_0);

  @ParameterizedTest
  @CsvSource({
    "IQ4_NL, Q8_0, EXACT",
    "IQ4_XS, Q8_0, SAME_CODES",
    "MXFP4, Q8_0, SAME_CODES",
    "Q4_0, Q8_0, EXACT",
    "Q5_0, Q8_0, EXACT",
    "Q4_1, Q8_0, ROUNDED",
    "Q2_K, Q8_0, ROUNDED",
    "Q4_K, Q8_0, ROUNDED",
    "Q3_K, Q6_K, EXACT",
    "IQ3_S, Q6_K, EXACT",
    "IQ3_XXS, Q6_K, SAME_CODES",
    "IQ1_M, Q6_K, SAME_CODES",
    "TQ2_0, Q6_K, EXACT",
    "IQ2_XXS, Q8_0, SAME_CODES",
    "IQ2_XS, Q8_0, ROUNDED",
    "NVFP4, Q8_0, ROUNDED",
    "Q1_0, Q8_0, EXACT",
    "BF16, F32, EXACT"
  })
  void theNearestFormatKeepsWhatItCan(TensorType from, TensorType to, Fidelity fidelity) {
    assertEquals(to, Transcoder.nearest(from, MORE));
    assertEquals(fidelity, Transcoder.of(from, to).fidelity());
  }

  @ParameterizedTest
  @CsvSource({
    "TQ1_0, Q3_K, EXACT",
    "TQ2_0, Q3_K, EXACT",
    "Q1_0, Q4_0, EXACT",
    "Q2_0, Q4_0, EXACT",
    "MXFP4, Q5_0, SAME_CODES",
    "IQ1_S, Q5_0, SAME_CODES",
    "IQ1_M, Q6_K, SAME_CODES",
    "IQ3_S, Q5_0, SAME_CODES",
    "IQ3_XXS, Q6_K, SAME_CODES",
    "IQ4_NL, Q8_0, EXACT",
    "IQ2_S, Q8_0, ROUNDED"
  })
  void theSmallestOfThoseThatKeepTheCodesIsTaken(TensorType from, TensorType to, Fidelity how) {
    assertEquals(to, Transcoder.nearest(from, MOST));
    assertEquals(how, Transcoder.of(from, to).fidelity());
  }

  @Test
  void whatThereAreKernelsForStays() {
    for (TensorType type : MORE) {
      assertEquals(type, Transcoder.nearest(type, MORE));
    }
    assertEquals(TensorType.Q8_0, Transcoder.nearest(TensorType.Q3_K, FEW));
  }

  /** Random codes and integers of scales, and scales of the size that files have. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void valuesOfRandomBlocksArriveAsPromised(TensorType from) {
    var random = new Random(from.id());
    byte[] bytes = new byte[(int) from.bytes(64 * 256)];
    random.nextBytes(bytes);
    MemorySegment src = MemorySegment.ofArray(bytes);
    for (long at = 0; at < bytes.length; at += from.blockBytes()) {
      long block = at;
      float d = (random.nextInt(8) == 0 ? -1 : 1) * random.nextFloat(0.001f, 0.1f);
      from.family()
          .ifPresent(
              family -> {
                family.scales().putScale(src, block, d);
                if (family.scales().hasMinimums()) {
                  family.scales().putMinimum(src, block, 0.05f);
                }
              });
    }
    if (from.isQuantized()) {
      arrivesAsPromised(from, src, FEW);
      arrivesAsPromised(from, src, MORE);
      arrivesAsPromised(from, src, MOST);
    }
  }

  /** What ggml made of hard rows, and all bit patterns. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void valuesOfReferenceBlocksArriveAsPromised(TensorType from) {
    var path = SharedData.folder("quant").resolve(from + ".gguf");
    try (ModelSource file = ModelSources.open(path, ModelSource.Access.MAPPED)) {
      for (TensorInfo tensor : file.tensors()) {
        arrivesAsPromised(from, file.data(tensor), FEW);
        arrivesAsPromised(from, file.data(tensor), MORE);
        arrivesAsPromised(from, file.data(tensor), MOST);
      }
    }
  }

  private static void arrivesAsPromised(
      TensorType from, MemorySegment src, Set<TensorType> computed) {
    TensorType to = Transcoder.nearest(from, computed);
    if (to == from) {
      return;
    }
    int count = Math.toIntExact(src.byteSize() / from.blockBytes() * from.blockSize());
    MemorySegment dst = MemorySegment.ofArray(new byte[(int) to.bytes(count)]);
    Transcoder transcoder = Transcoder.of(from, to);
    transcoder.run(src, dst, count);
    float[] before = values(from, src, count);
    float[] after = values(to, dst, count);
    switch (transcoder.fidelity()) {
      case EXACT -> assertArrayEquals(before, after, from + " as " + to);
      case SAME_CODES -> {
        // A scale keeps 11 bits, down to the smallest f16.
        for (int i = 0; i < count; i++) {
          double bound = Math.abs(before[i]) / 2000 + largestFactor(from, to) * 0x1p-25;
          assertEquals(before[i], after[i], bound, from + " as " + to + ", weight " + i);
        }
      }
      case ROUNDED -> {
        for (int block = 0; block < count; block += 32) {
          float largest = 0;
          for (int i = block; i < block + 32; i++) {
            largest = Math.max(largest, Math.abs(before[i]));
          }
          // Half a step, and what the step loses when it becomes an f16.
          double bound = largest / 127 * 0.5 + largest / 2000 + 127 * 0x1p-25;
          for (int i = block; i < block + 32; i++) {
            assertEquals(before[i], after[i], bound, from + " as " + to + ", weight " + i);
          }
        }
      }
    }
  }

  /** The most that a scale is multiplied with: a code, and the integer of a run. */
  private static double largestFactor(TensorType from, TensorType to) {
    Scales scales = to.family().orElseThrow().scales();
    int odd = (2 << from.family().orElseThrow().scales().bits()) - 1;
    return scales.bits() == 0 ? 127 : 32 * odd;
  }

  private static float[] values(TensorType type, MemorySegment blocks, int count) {
    float[] values = new float[count];
    BlockLayouts.of(type).dequantize(blocks, 0, values, 0, count);
    return values;
  }

  /** Powers of two that an f16 holds are kept to the bit. */
  @Test
  void powersOfTwoStayWhereTheyCan() {
    byte[] block = new byte[TensorType.MXFP4.blockBytes()];
    for (int i = 1; i < block.length; i++) {
      block[i] = (byte) (17 * i);
    }
    for (int power = 0; power < 128 + 16; power++) {
      block[0] = (byte) power;
      MemorySegment src = MemorySegment.ofArray(block);
      MemorySegment dst = MemorySegment.ofArray(new byte[TensorType.Q8_0.blockBytes()]);
      Transcoder.of(TensorType.MXFP4, TensorType.Q8_0).run(src, dst, 32);
      float[] before = values(TensorType.MXFP4, src, 32);
      float[] after = values(TensorType.Q8_0, dst, 32);
      if (power >= 128 - 24) {
        assertArrayEquals(before, after, "2^" + (power - 128));
      } else {
        for (int i = 0; i < 32; i++) {
          assertTrue(Math.abs(before[i] - after[i]) <= 127 * 0x1p-25, "2^" + (power - 128));
        }
      }
    }
  }
}
