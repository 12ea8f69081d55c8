package io.solebox.engine.source.huggingface;

import io.solebox.engine.source.safetensors.StoredTensor;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Floats of 4 bits with a power of two for each 32 (OCP Microscaling Formats), as gpt-oss has them:
 * the same bits in another order in GGUF, where neighbours of a byte are 16 apart.
 */
final class Mxfp4Rows {
  private static final int HALF = 16;

  private Mxfp4Rows() {}

  /**
   * @param blocks {@code [.., rows, groups, 16]}
   * @param scales {@code [.., rows, groups]}
   */
  static Rows of(StoredTensor tensor, MemorySegment blocks, MemorySegment scales) {
    List<Long> sizes = tensor.shape();
    int groups = Math.toIntExact(sizes.get(sizes.size() - 2));
    List<Long> shape = new ArrayList<>(sizes.subList(0, sizes.size() - 2));
    int count = Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b));
    int blockBytes = TensorType.MXFP4.blockBytes();
    TensorBytes.RowMaker maker =
        (row, n, to) -> {
          for (long g = 0; g < (long) n * groups; g++) {
            long from = (long) row * groups + g;
            byte scale = scales.get(ValueLayout.JAVA_BYTE, from);
            to.set(ValueLayout.JAVA_BYTE, g * blockBytes, scale);
            for (int k = 0; k < HALF; k++) {
              int low = nibble(blocks, from, k);
              int high = nibble(blocks, from, k + HALF);
              byte pair = (byte) (low | high << 4);
              to.set(ValueLayout.JAVA_BYTE, g * blockBytes + 1 + k, pair);
            }
          }
        };
    shape.add((long) groups * 2 * HALF);
    return new Rows(
        TensorType.MXFP4, shape, new TensorBytes.Made(maker, (long) groups * blockBytes, count));
  }

  private static int nibble(MemorySegment blocks, long group, int element) {
    int both = blocks.get(ValueLayout.JAVA_BYTE, group * HALF + element / 2);
    return both >> element % 2 * 4 & 15;
  }
}
