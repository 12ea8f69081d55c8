package io.solebox.backend.cuda.kernels;

import io.solebox.backend.cuda.kernels.Sass.Instruction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many loads a warp sends before it must wait for the first: instructions are issued in order,
 * and one that reads a register waits for the load into it, and all behind it do too.
 */
final class LoadsInFlight {
  private LoadsInFlight() {}

  /**
   * The 16-byte loads of weights in a round of the main loop of a kernel, the first that loads
   * weights, before anything that the round loads is read.
   */
  static int ofMainLoop(Sass kernel) {
    List<Instruction> loop =
        kernel.innerLoops().stream()
            .filter(l -> l.stream().anyMatch(Instruction::loadsWeights))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no loop loads weights"));
    Set<Integer> loading = new HashSet<>();
    int loads = 0;
    for (Instruction i : loop) {
      if (i.read().stream().anyMatch(loading::contains)) {
        return loads;
      }
      if (i.loadsGlobal()) {
        loading.addAll(i.written());
        loads += i.loadsWeights() ? 1 : 0;
      }
    }
    return loads;
  }

  /**
   * The loads of each batch of keys or values, 8 or 16 bytes each, in the order of the code: first
   * keys, further keys, first values, further values. Branches around single loads skip rounds that
   * a short split does not have.
   */
  static List<Integer> ofAttention(Sass kernel) {
    var batches = new ArrayList<Integer>();
    Set<Integer> loading = new HashSet<>();
    int loads = 0;
    for (Instruction i : kernel.code()) {
      if (i.read().stream().anyMatch(loading::contains)) {
        batches.add(loads);
        loading.clear();
        loads = 0;
      }
      boolean wide = i.has("128") || i.has("64");
      if (i.loadsGlobal() && (wide || i.has("U16"))) { // 16 bits are the scale beside 8 bytes
        loading.addAll(i.written());
        loads += wide ? 1 : 0;
      }
    }
    return batches;
  }
}
