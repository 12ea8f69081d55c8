package io.solebox.backend.cpu;

import io.solebox.backend.cpu.nativelib.CpuBindings;
import java.util.Arrays;

/**
 * Reads the first weights of the next matrix product into the cache. While a step decodes, all wait
 * for the memory, and it is idle in the phases between the products, which take some microseconds
 * each, and while one thread does the last unit of a product. Whoever finds no other unit of such a
 * phase does this.
 *
 * @param from address of the weights that this phase fetches
 */
record FetchAhead(CpuBindings library, long from, int units) implements Step {
  /** What a thread reads in about two microseconds: a phase may have to wait for it. */
  private static final int UNIT_BYTES = 32 << 10;

  /** In each phase. */
  private static final int UNITS_PER_THREAD = 2;

  @Override
  public int units(Frame frame) {
    return frame.batch().size() <= NativeLinearStep.FEW_TOKENS ? units : 0;
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    library.readMemory(from + (long) unit * UNIT_BYTES, UNIT_BYTES);
  }

  /** Adds to the phases what each fetches; a phase's other units come first. */
  static Step[][] weave(Step[][] phases, CpuBindings library, int threads) {
    Step[][] woven = phases.clone();
    if (threads == 1) {
      return woven;
    }
    int first = 0;
    for (int next = 0; next < phases.length; next++) {
      if (phases[next].length > 0 && phases[next][0] instanceof NativeLinearStep product) {
        long fetched = 0;
        for (int p = first; p < next; p++) {
          long left = (product.bytes() - fetched) / UNIT_BYTES;
          int units = Math.toIntExact(Math.min(left, (long) UNITS_PER_THREAD * threads));
          woven[p] = Arrays.copyOf(phases[p], phases[p].length + 1);
          woven[p][phases[p].length] = new FetchAhead(library, product.address() + fetched, units);
          fetched += (long) units * UNIT_BYTES;
        }
        first = next;
      }
    }
    return woven;
  }
}
