package io.solebox.backend.cuda.fake;

/**
 * {@code mma.m8n8k4} of f16: four products of 8x4 and 4x8 side by side, each in the 8 lanes q, q+1,
 * q+2, q+3 and the same plus 16.
 */
final class VoltaMatrix {
  private static final int LANES = Registers.LANES;

  private VoltaMatrix() {}

  static Instruction multiply(Statement s, int[] d, int[] a, int[] b, int[] c) {
    boolean rowA = s.suffixes().get(3).equals("row");
    boolean rowB = s.suffixes().get(4).equals("row");
    boolean floatD = s.suffixes().get(5).equals("f32");
    boolean floatC = s.suffixes().get(8).equals("f32");
    return (warp, mask) -> {
      if (mask != -1) {
        throw new KernelFault(KernelFault.Kind.LAUNCH_FAILED, "needs all lanes of the warp");
      }
      for (int quad = 0; quad < 4; quad++) {
        float[] left = new float[32]; // [row][k]
        float[] right = new float[32]; // [k][column]
        float[] sum = new float[64];
        for (int i = 0; i < 8; i++) {
          int lane = lane(quad, i);
          for (int e = 0; e < 4; e++) {
            float x = HalfOps.half(warp.r[a[e >> 1] + lane] >>> 16 * (e & 1));
            float y = HalfOps.half(warp.r[b[e >> 1] + lane] >>> 16 * (e & 1));
            // Along its own direction a lane holds one line; across it, one line of four elements.
            left[rowA ? i * 4 + e : (e + i / 4 * 4) * 4 + i % 4] = x;
            right[rowB ? i % 4 * 8 + e + i / 4 * 4 : e * 8 + i] = y;
          }
          for (int e = 0; e < 8; e++) {
            int word = floatC ? warp.r[c[e] + lane] : warp.r[c[e >> 1] + lane] >>> 16 * (e & 1);
            sum[at(floatC, i, e)] = floatC ? FloatOps.real(word) : HalfOps.half(word);
          }
        }
        accumulate(left, right, sum);
        for (int i = 0; i < 8; i++) {
          int lane = lane(quad, i);
          for (int e = 0; e < 8; e++) {
            float value = sum[at(floatD, i, e)];
            if (floatD) {
              warp.next[e * LANES + lane] = FloatOps.bits(value);
            } else {
              int low = (e & 1) == 0 ? 0 : warp.next[(e >> 1) * LANES + lane];
              warp.next[(e >> 1) * LANES + lane] = low | HalfOps.toHalf(value) << 16 * (e & 1);
            }
          }
        }
      }
      MatrixOps.takeResults(warp, d);
    };
  }

  private static int lane(int quad, int index) {
    return 4 * quad + index % 4 + (index < 4 ? 0 : 16);
  }

  /** Where element e of lane {@code index} of a quad pair stands in the 8x8 result. */
  private static int at(boolean real, int index, int e) {
    int upper = index < 4 ? 0 : 4;
    if (!real) {
      return (index % 4 + upper) * 8 + e;
    }
    int row = (index & 1) + (e & 2) + upper;
    int column = (e & 4) + (index & 2) + (e & 1);
    return row * 8 + column;
  }

  private static void accumulate(float[] left, float[] right, float[] sum) {
    for (int row = 0; row < 8; row++) {
      for (int column = 0; column < 8; column++) {
        for (int k = 0; k < 4; k++) {
          sum[row * 8 + column] += left[row * 4 + k] * right[k * 8 + column];
        }
      }
    }
  }
}
