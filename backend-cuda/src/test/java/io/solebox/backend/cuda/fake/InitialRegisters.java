package io.solebox.backend.cuda.fake;

import java.util.Arrays;

/** What a warp's registers hold at a kernel's start: constants, indices, and NaN in the rest. */
final class InitialRegisters {
  private static final int LANES = Registers.LANES;

  private final Registers registers;
  private final Launch launch;
  private final int[] ints;
  private final long[] longs;
  private final int[] predicates;

  InitialRegisters(Registers registers, Launch launch) {
    this.registers = registers;
    this.launch = launch;
    ints = new int[registers.intCount()];
    longs = new long[registers.longCount()];
    predicates = new int[registers.predicateCount()];
    Arrays.fill(ints, -1);
    Arrays.fill(longs, -1);
    predicates[Registers.ALWAYS] = -1;
    registers.intConstants().forEach((value, slot) -> Arrays.fill(ints, slot, slot + LANES, value));
    registers
        .longConstants()
        .forEach((value, slot) -> Arrays.fill(longs, slot, slot + LANES, value));
  }

  void fill(Warp warp) {
    System.arraycopy(ints, 0, warp.r, 0, ints.length);
    System.arraycopy(longs, 0, warp.q, 0, longs.length);
    System.arraycopy(predicates, 0, warp.p, 0, predicates.length);
    for (Registers.Special special : registers.specials()) {
      for (int l = 0; l < LANES; l++) {
        warp.r[special.slot() + l] = value(special.name(), warp, l);
      }
    }
  }

  private int value(String name, Warp warp, int lane) {
    int thread = warp.index * LANES + lane;
    Block block = warp.block;
    return switch (name) {
      case "%tid.x" -> thread % launch.threadsX();
      case "%tid.y" -> thread / launch.threadsX() % launch.threadsY();
      case "%tid.z" -> thread / (launch.threadsX() * launch.threadsY());
      case "%ntid.x" -> launch.threadsX();
      case "%ntid.y" -> launch.threadsY();
      case "%ntid.z" -> launch.threadsZ();
      case "%ctaid.x" -> block.x();
      case "%ctaid.y" -> block.y();
      case "%ctaid.z" -> block.z();
      case "%nctaid.x" -> launch.gridX();
      case "%nctaid.y" -> launch.gridY();
      case "%nctaid.z" -> launch.gridZ();
      case "%laneid" -> lane;
      case "%warpid" -> warp.index;
      case "%smid", "%clock", "%clock_hi" -> 0;
      case "%nsmid" -> 1;
      case "%lanemask_eq" -> 1 << lane;
      case "%lanemask_lt" -> (1 << lane) - 1;
      case "%lanemask_le" -> (2 << lane) - 1;
      case "%lanemask_gt" -> -(2 << lane);
      case "%lanemask_ge" -> -(1 << lane);
      default -> throw new UnsupportedOperationException("special register " + name);
    };
  }
}
