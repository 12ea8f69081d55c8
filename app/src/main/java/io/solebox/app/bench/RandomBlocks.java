package io.solebox.app.bench;

import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Valid random blocks of every weight format, written as they are, never quantized. Weights have
 * mean 0 and a standard deviation of 1/sqrt(columns), so that a product of normed activations has
 * about their size. One buffer per format and width is filled once; tensors begin at various places
 * of it, so that a file is written as fast as the disk takes it.
 */
final class RandomBlocks {
  private static final int BUFFER_BLOCK_BYTES = 4 << 20;

  /** Standard deviations of uniform numbers 0..15, 0..31, 0..63, -128..127. */
  private static final float DEVIATION_4 = 4.61f;

  private static final float DEVIATION_5 = 9.23f;
  private static final float DEVIATION_6 = 18.47f;
  private static final float DEVIATION_8 = 73.9f;

  /** Scales of sub-blocks are 32 to 63, so their root mean square is this. */
  private static final float SUB_SCALE = 48.4f;

  private final SplittableRandom random;
  private final Map<TensorType, Map<Integer, ByteBuffer>> buffers = new EnumMap<>(TensorType.class);

  RandomBlocks(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Data of a matrix with {@code cols} columns and {@code bytes} bytes in all. */
  GgufWriter.TensorData tensor(TensorType type, int cols, long bytes) {
    ByteBuffer buffer =
        buffers
            .computeIfAbsent(type, _ -> new HashMap<>())
            .computeIfAbsent(cols, c -> fill(type, (float) (1 / Math.sqrt(c))));
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

  private ByteBuffer fill(TensorType type, float deviation) {
    int blocks = BUFFER_BLOCK_BYTES / type.blockBytes();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(blocks * type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < blocks; i++) {
      block(buffer, type, deviation);
    }
    return buffer.clear();
  }

  /** Layouts as in ggml-org/ggml: src/ggml-common.h. */
  private void block(ByteBuffer out, TensorType type, float deviation) {
    switch (type) {
      case F32 -> out.putFloat(uniform(deviation));
      case F16 -> half(out, uniform(deviation));
      case BF16 -> out.putShort((short) (Float.floatToRawIntBits(uniform(deviation)) >>> 16));
      case Q8_0 -> {
        half(out, deviation / DEVIATION_8);
        bytes(out, 32);
      }
      case Q4_0 -> {
        half(out, deviation / DEVIATION_4);
        bytes(out, 16);
      }
      case Q4_1 -> {
        half(out, deviation / DEVIATION_4);
        half(out, -7.5f * deviation / DEVIATION_4);
        bytes(out, 16);
      }
      case Q5_0 -> {
        half(out, deviation / DEVIATION_5);
        bytes(out, 4 + 16);
      }
      case Q5_1 -> {
        half(out, deviation / DEVIATION_5);
        half(out, -15.5f * deviation / DEVIATION_5);
        bytes(out, 4 + 16);
      }
      case Q4_K -> {
        float d = deviation / DEVIATION_4 / SUB_SCALE;
        half(out, d);
        half(out, 7.5f * d);
        subScales(out);
        bytes(out, 128);
      }
      case Q5_K -> {
        float d = deviation / DEVIATION_5 / SUB_SCALE;
        half(out, d);
        half(out, 15.5f * d);
        subScales(out);
        bytes(out, 32 + 128);
      }
      case Q6_K -> {
        bytes(out, 128 + 64);
        for (int i = 0; i < 16; i++) {
          out.put((byte) random.nextInt(32, 64));
        }
        half(out, deviation / DEVIATION_6 / SUB_SCALE);
      }
    }
  }

  /**
   * Eight scales and eight equal minimums of 6 bits, packed in 12 bytes: the low four of each whole
   * with the upper two bits of the high four, then the low nibbles of the high four.
   */
  private void subScales(ByteBuffer out) {
    int[] scale = new int[8];
    for (int i = 0; i < 8; i++) {
      scale[i] = random.nextInt(32, 64);
    }
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < 4; i++) {
        out.put((byte) (scale[i] | ((scale[i + 4] >> 4) << 6)));
      }
    }
    for (int i = 4; i < 8; i++) {
      out.put((byte) ((scale[i] & 15) * 0x11));
    }
  }

  private float uniform(float deviation) {
    return (float) (random.nextDouble(-1, 1) * Math.sqrt(3) * deviation);
  }

  private static void half(ByteBuffer out, float value) {
    out.putShort(Float.floatToFloat16(value));
  }

  private void bytes(ByteBuffer out, int count) {
    for (int i = 0; i < count; i += 4) {
      out.putInt(random.nextInt());
    }
  }
}
