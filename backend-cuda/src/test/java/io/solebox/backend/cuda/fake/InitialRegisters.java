package io.solebox.backend.cuda.fake;

import java.util.Arrays;
import java.util.List;

/** What a warp's registers hold at a kernel's start: constants, indices, and NaN in the rest. */
final class InitialRegisters {
  private static final int LANES = Registers.LANES;

  private final Launch launch;

  /** Of each warp: what is the same in all blocks. */
  private final int[][] ints;

  private final long[] longs;
  private final int[] predicates;

  /** Those that each block has its own of. */
  private final List<Registers.Special> ofBlock;

  InitialRegisters(Registers registers, Launch launch) {
    this.launch = launch;
    longs = new long[registers.longCount()];
    predicates = new int[registers.predicateCount()];
    ofBlock = registers.specials().stream().filter(s -> s.name().startsWith("%ctaid")).toList();
    Arrays.fill(longs, -1);
    predicates[Registers.ALWAYS] = -1;
    registers
        .longConstants()
        .forEach((value, slot) -> Arrays.fill(longs, slot, slot + LANES, value));
    ints = new int[launch.warps()][registers.intCount()];
    for (int w = 0; w < ints.length; w++) {
      int[] own = ints[w];
      Arrays.fill(own, -1);
      registers.intConstants().forEach((v, slot) -> Arrays.fill(own, slot, slot + LANES, v));
      for (Registers.Special special : registers.specials()) {
        for (int l = 0; l < LANES && !ofBlock.contains(special); l++) {
          own[special.slot() + l] = value(special.name(), w, l);
        }
      }
    }
  }

  void fill(Warp warp) {
    int[] own = ints[warp.index];
    System.arraycopy(own, 0, warp.r, 0, own.length);
    System.arraycopy(longs, 0, warp.q, 0, longs.length);
    System.arraycopy(predicates, 0, warp.p, 0, predicates.length);
    for (Registers.Special special : ofBlock) {
      int value =
          switch (special.name()) {
            case "%ctaid.x" -> warp.block.x();
            case "%ctaid.y" -> warp.block.y();
            default -> warp.block.z();
          };
      Arrays.fill(warp.r, special.slot(), special.slot() + LANES, value);
    }
  }

  private int value(String name, int warp, int lane) {
    int thread = warp * LANES + lane;
    return switch (name) {
      case "%tid.x" -> thread % launch.threadsX();
      case "%tid.y" -> thread / launch.threadsX() % launch.threadsY();
      case "%tid.z" -> thread / (launch.threadsX() * launch.threadsY());
      case "%ntid.x" -> launch.threadsX();
      case "%ntid.y" -> launch.threadsY();
      case "%ntid.z" -> launch.threadsZ();
      case "%nctaid.x" -> launch.gridX();
      case "%nctaid.y" -> launch.gridY();
      case "%nctaid.z" -> launch.gridZ();
      case "%laneid" -> lane;
      case "%warpid" -> warp;
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
