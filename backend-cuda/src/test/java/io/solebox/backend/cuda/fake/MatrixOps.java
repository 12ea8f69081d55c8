package io.solebox.backend.cuda.fake;

import java.util.List;

/**
 * {@code ldmatrix} and {@code mma}: which element of which matrix lies in which register of which
 * lane is what the manual of PTX says; sums are taken in f32 in ascending k.
 */
final class MatrixOps {
  private static final int LANES = Registers.LANES;

  private MatrixOps() {}

  private static int[] slots(Statement s, Registers registers, int operand) {
    List<Operand> elements =
        s.operand(operand) instanceof Operand.Tuple(var several)
            ? several
            : List.of(s.operand(operand));
    return elements.stream().mapToInt(e -> registers.intSlot(s, e)).toArray();
  }

  private static void requireAll(int mask) {
    if (mask != -1) {
      throw new KernelFault(
          KernelFault.Kind.LAUNCH_FAILED, "needs all lanes of the warp, has %08x".formatted(mask));
    }
  }

  /** Matrices of 8 rows of 16 bytes; lane i gives the address of row i % 8 of matrix i / 8. */
  static Instruction loadMatrix(Statement s, Registers registers) {
    if (!s.has("m8n8") || !s.has("b16") || !s.has("shared")) {
      throw s.unsupported();
    }
    boolean transposed = s.has("trans");
    int[] d = slots(s, registers, 0);
    Place place = Place.of(s, s.operand(1), registers);
    return (warp, mask) -> {
      requireAll(mask);
      int[] rows = new int[8 * d.length];
      for (int i = 0; i < rows.length; i++) {
        warp.lane = i;
        rows[i] = rowAddress(warp, place.address(warp, i), i);
      }
      byte[] data = warp.block.shared().data;
      for (int l = 0; l < LANES; l++) {
        for (int m = 0; m < d.length; m++) {
          if (transposed) {
            int column = 2 * (l >> 2);
            int row = 8 * m + 2 * (l & 3);
            warp.r[d[m] + l] =
                (int) Memory.get(data, rows[row] + column, 2)
                    | (int) Memory.get(data, rows[row + 1] + column, 2) << 16;
          } else {
            warp.r[d[m] + l] = Memory.getInt(data, rows[8 * m + (l >> 2)] + 4 * (l & 3));
          }
        }
      }
    };
  }

  private static int rowAddress(Warp warp, long address, int lane) {
    SharedMemory shared = warp.block.shared();
    Memory.requireAligned(address, 16);
    Memory.requireShared(shared.data, address, 16);
    shared.read((int) address, 16, warp.index, lane);
    return (int) address;
  }

  /** The instruction for a statement's shape and types. */
  static Instruction multiply(Statement s, Registers registers) {
    int[] d = slots(s, registers, 0);
    int[] a = slots(s, registers, 1);
    int[] b = slots(s, registers, 2);
    int[] c = slots(s, registers, 3);
    String name = s.opcode().replaceFirst("mma\\.sync\\.aligned\\.", "").replace(".satfinite", "");
    return switch (name) {
      case "m16n8k16.row.col.f32.f16.f16.f32" -> floats(d, a, b, c, 16, HalfOps::half);
      case "m16n8k8.row.col.f32.f16.f16.f32" -> floats(d, a, b, c, 8, HalfOps::half);
      case "m16n8k16.row.col.f32.bf16.bf16.f32" -> floats(d, a, b, c, 16, HalfOps::brain);
      case "m16n8k8.row.col.f32.bf16.bf16.f32" -> floats(d, a, b, c, 8, HalfOps::brain);
      case "m16n8k32.row.col.s32.s8.s8.s32" -> bytes(d, a, b, c, 32, true, true);
      case "m16n8k16.row.col.s32.s8.s8.s32" -> bytes(d, a, b, c, 16, true, true);
      case "m16n8k32.row.col.s32.u8.s8.s32" -> bytes(d, a, b, c, 32, false, true);
      case "m16n8k32.row.col.s32.s8.u8.s32" -> bytes(d, a, b, c, 32, true, false);
      default -> {
        if (name.startsWith("m8n8k4.")) {
          yield VoltaMatrix.multiply(s, d, a, b, c);
        }
        throw s.unsupported();
      }
    };
  }

  interface Widen {
    float of(int bits);
  }

  /** Registers of A: rows g and g + 8 for the first eight k, then for the next. */
  private static Instruction floats(int[] d, int[] a, int[] b, int[] c, int depth, Widen widen) {
    return (warp, mask) -> {
      requireAll(mask);
      int[] r = warp.r;
      float[] left = new float[16 * depth];
      float[] right = new float[depth * 8];
      for (int l = 0; l < LANES; l++) {
        int g = l >> 2;
        int k = 2 * (l & 3);
        for (int i = 0; i < a.length; i++) {
          int at = (g + 8 * (i & 1)) * depth + k + 8 * (i >> 1);
          left[at] = widen.of(r[a[i] + l]);
          left[at + 1] = widen.of(r[a[i] + l] >>> 16);
        }
        for (int i = 0; i < b.length; i++) {
          int at = (k + 8 * i) * 8 + g;
          right[at] = widen.of(r[b[i] + l]);
          right[at + 8] = widen.of(r[b[i] + l] >>> 16);
        }
      }
      float[] sums = new float[16 * 8];
      for (int e = 0; e < 4; e++) {
        for (int l = 0; l < LANES; l++) {
          sums[inResult(l, e)] = FloatOps.real(r[c[e] + l]);
        }
      }
      for (int row = 0; row < 16; row++) {
        for (int k = 0; k < depth; k++) {
          float x = left[row * depth + k];
          for (int column = 0; column < 8; column++) {
            sums[row * 8 + column] += x * right[k * 8 + column];
          }
        }
      }
      for (int e = 0; e < 4; e++) {
        for (int l = 0; l < LANES; l++) {
          warp.next[e * LANES + l] = FloatOps.bits(sums[inResult(l, e)]);
        }
      }
      takeResults(warp, d);
    };
  }

  private static Instruction bytes(
      int[] d, int[] a, int[] b, int[] c, int depth, boolean signedA, boolean signedB) {
    return (warp, mask) -> {
      requireAll(mask);
      int[] r = warp.r;
      int[] left = new int[16 * depth];
      int[] right = new int[depth * 8];
      for (int l = 0; l < LANES; l++) {
        int g = l >> 2;
        int k = 4 * (l & 3);
        for (int i = 0; i < a.length; i++) {
          for (int j = 0; j < 4; j++) {
            left[(g + 8 * (i & 1)) * depth + k + 16 * (i >> 1) + j] = at(r[a[i] + l], j, signedA);
          }
        }
        for (int i = 0; i < b.length; i++) {
          for (int j = 0; j < 4; j++) {
            right[(k + 16 * i + j) * 8 + g] = at(r[b[i] + l], j, signedB);
          }
        }
      }
      int[] sums = new int[16 * 8];
      for (int e = 0; e < 4; e++) {
        for (int l = 0; l < LANES; l++) {
          sums[inResult(l, e)] = r[c[e] + l];
        }
      }
      for (int row = 0; row < 16; row++) {
        for (int k = 0; k < depth; k++) {
          int x = left[row * depth + k];
          for (int column = 0; column < 8; column++) {
            sums[row * 8 + column] += x * right[k * 8 + column];
          }
        }
      }
      for (int e = 0; e < 4; e++) {
        for (int l = 0; l < LANES; l++) {
          warp.next[e * LANES + l] = sums[inResult(l, e)];
        }
      }
      takeResults(warp, d);
    };
  }

  /** Where element e of a lane stands in the 16x8 result. */
  private static int inResult(int lane, int e) {
    int row = (lane >> 2) + 8 * (e >> 1);
    int column = 2 * (lane & 3) + (e & 1);
    return row * 8 + column;
  }

  private static int at(int word, int index, boolean signed) {
    int value = word >>> 8 * index & 0xff;
    return signed ? (byte) value : value;
  }

  /** All lanes are read before any is written: D may be C. */
  static void takeResults(Warp warp, int[] d) {
    for (int i = 0; i < d.length; i++) {
      System.arraycopy(warp.next, i * LANES, warp.r, d[i], LANES);
    }
  }
}
