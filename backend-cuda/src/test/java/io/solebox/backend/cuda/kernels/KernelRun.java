package io.solebox.backend.cuda.kernels;

import io.solebox.backend.cuda.fake.PtxMachine;
import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.backend.cuda.kernels.PtxSources.PtxText;
import io.solebox.engine.graph.Weight;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;

/** One module of the committed PTX on the interpreter, and operands as its kernels expect them. */
final class KernelRun {
  static final long NONE = 0L;

  private final PtxMachine machine;

  KernelRun(String target, String module, Schedule schedule) {
    this(text(target, module), schedule);
  }

  KernelRun(String ptx, Schedule schedule) {
    machine = new PtxMachine(ptx, schedule);
  }

  static String text(String target, String module) {
    return PtxSources.all()
        .filter(p -> p.target().equals(target) && p.module().name().equals(module))
        .findFirst()
        .map(PtxText::text)
        .orElseThrow(() -> new AssertionError("no module " + module + " for " + target));
  }

  PtxMachine machine() {
    return machine;
  }

  /** An 8-bit activation on the device. */
  record Eight(long xq, long xs) {}

  /** f32 [tokens, cols] quantized in Java, as docs/cuda-backend.md describes. */
  Eight quantized(float[] x, int cols) {
    byte[] q = new byte[x.length];
    int[] scales = new int[x.length / 16];
    for (int at = 0; at < x.length; at += 32) {
      float largest = 0;
      for (int i = 0; i < 32; i++) {
        largest = Math.max(largest, Math.abs(x[at + i]));
      }
      int[] sums = new int[2];
      for (int i = 0; i < 32; i++) {
        q[at + i] = (byte) (largest == 0 ? 0 : Math.rint(x[at + i] * (127 / largest)));
        sums[i / 16] += q[at + i];
      }
      scales[at / 16] = Float.floatToRawIntBits(largest / 127);
      scales[at / 16 + 1] = sums[0] & 0xffff | sums[1] << 16;
    }
    return new Eight(machine.upload(q), machine.upload(scales));
  }

  /** What the quantized activation stands for. */
  float[] values(Eight x, int count) {
    float[] out = new float[count];
    var q = machine.bytes(x.xq(), count);
    float[] d = machine.floats(x.xs(), count / 16);
    for (int i = 0; i < count; i++) {
      out[i] = q.get(ValueLayout.JAVA_BYTE, i) * d[i / 32 * 2];
    }
    return out;
  }

  /** The four planes of a weight. */
  Object[] planes(Weight w) {
    Object[] out = {NONE, NONE, NONE, NONE};
    int[][] pieces = pieces(w);
    int blocks = (int) (w.bytes() / w.type().blockBytes());
    int block = w.type().blockBytes();
    if (w.type().blockSize() == 1) {
      block = (int) w.rowBytes();
      blocks = w.rows();
    }
    for (int p = 0; p < pieces.length; p++) {
      var plane = new ByteArrayOutputStream();
      for (int b = 0; b < blocks; b++) {
        for (int i = 0; i < pieces[p].length; i += 2) {
          long from = (long) b * block + pieces[p][i];
          plane.writeBytes(w.data().asSlice(from, pieces[p][i + 1]).toArray(ValueLayout.JAVA_BYTE));
        }
        if (w.type().blockSize() == 1) {
          plane.writeBytes(new byte[-block & 15]);
        }
      }
      out[p] = machine.upload(plane.toByteArray());
    }
    return out;
  }

  /**
   * Per plane: first byte in the file's block, and how many; of several pieces one after the other.
   */
  private static int[][] pieces(Weight w) {
    return switch (w.type()) {
      case F32, F16, BF16 -> new int[][] {{0, (int) w.rowBytes()}};
      case Q8_0 -> new int[][] {{2, 32}, {0, 2}};
      case Q4_0 -> new int[][] {{2, 16}, {0, 2}};
      case Q4_1 -> new int[][] {{4, 16}, {0, 4}};
      case Q5_0 -> new int[][] {{6, 16}, {0, 2}, {2, 4}};
      case Q5_1 -> new int[][] {{8, 16}, {0, 4}, {4, 4}};
      case IQ4_NL -> new int[][] {{2, 16}, {0, 2}};
      case MXFP4 -> new int[][] {{1, 16}, {0, 1}};
      case IQ4_XS -> new int[][] {{8, 128}, {0, 8}};
      case Q2_K -> new int[][] {{16, 64}, {0, 16}, {80, 4}};
      case Q3_K -> new int[][] {{32, 64}, {96, 12}, {0, 32}, {108, 2}};
      case Q4_K -> new int[][] {{16, 128}, {0, 16}};
      case Q5_K -> new int[][] {{48, 128}, {0, 16}, {16, 32}};
      case Q6_K -> new int[][] {{0, 128}, {192, 16}, {128, 64}, {208, 2}};
      case IQ2_XXS -> new int[][] {{2, 64}, {0, 2}};
      case IQ2_XS -> new int[][] {{2, 64}, {66, 8}, {0, 2}};
      case IQ2_S ->
          new int[][] {{2, 8, 34, 8, 10, 8, 42, 8, 18, 8, 50, 8, 26, 8, 58, 8}, {66, 16}, {0, 2}};
      case IQ3_XXS -> new int[][] {{2, 64}, {0, 2}, {66, 32}};
      case IQ3_S -> new int[][] {{2, 64}, {66, 40}, {106, 4}, {0, 2}};
      default -> throw new AssertionError("no kernels for " + w.type());
    };
  }

  /** Arguments given one by one and in arrays, as one array. */
  static Object[] arguments(Object... parts) {
    return java.util.Arrays.stream(parts)
        .flatMap(
            p ->
                p instanceof Object[] several
                    ? java.util.Arrays.stream(several)
                    : java.util.stream.Stream.of(p))
        .toArray();
  }
}
