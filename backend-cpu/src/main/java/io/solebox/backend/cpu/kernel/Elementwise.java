package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Kernels over flat ranges of f32 elements. Tails run the same formulas in plain Java, and so does
 * everything where {@code plain}.
 */
public final class Elementwise {
  private Elementwise() {}

  /** {@code out = a + b} for elements {@code from} to {@code to}, exclusive. */
  public static void add(
      MemorySegment a, MemorySegment b, MemorySegment out, long from, long to, boolean plain) {
    long main = plain ? from : from + (to - from) / L * L;
    for (long i = from; i < main; i += L) {
      Lanes.floats(a, 4 * i).add(Lanes.floats(b, 4 * i)).intoMemorySegment(out, 4 * i, Lanes.LE);
    }
    for (long i = main; i < to; i++) {
      out.set(Lanes.FLOAT, 4 * i, a.get(Lanes.FLOAT, 4 * i) + b.get(Lanes.FLOAT, 4 * i));
    }
  }

  /** {@code out = gate / (1 + e^-gate) * up} for elements {@code from} to {@code to}, exclusive. */
  public static void swiGlu(
      MemorySegment gate, MemorySegment up, MemorySegment out, long from, long to, boolean plain) {
    long main = plain ? from : from + (to - from) / L * L;
    for (long i = from; i < main; i += L) {
      swiGlu(Lanes.floats(gate, 4 * i), Lanes.floats(up, 4 * i))
          .intoMemorySegment(out, 4 * i, Lanes.LE);
    }
    for (long i = main; i < to; i++) {
      float g = gate.get(Lanes.FLOAT, 4 * i);
      out.set(Lanes.FLOAT, 4 * i, Plain.swiGlu(g, up.get(Lanes.FLOAT, 4 * i)));
    }
  }

  private static FloatVector swiGlu(FloatVector gate, FloatVector up) {
    return gate.div(Lanes.exp(gate.neg()).add(1f)).mul(up);
  }
}
