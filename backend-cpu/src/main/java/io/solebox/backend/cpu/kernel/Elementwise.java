package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.graph.Activation;
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
  public static void silu(
      MemorySegment gate, MemorySegment up, MemorySegment out, long from, long to, boolean plain) {
    long main = plain ? from : from + (to - from) / L * L;
    for (long i = from; i < main; i += L) {
      FloatVector g = Lanes.floats(gate, 4 * i);
      g.div(Lanes.exp(g.neg()).add(1f))
          .mul(Lanes.floats(up, 4 * i))
          .intoMemorySegment(out, 4 * i, Lanes.LE);
    }
    gated(Activation.SILU, gate, up, out, main, to);
  }

  /** The same with {@link Activation#GELU}. */
  public static void gelu(
      MemorySegment gate, MemorySegment up, MemorySegment out, long from, long to, boolean plain) {
    long main = plain ? from : from + (to - from) / L * L;
    for (long i = from; i < main; i += L) {
      FloatVector g = Lanes.floats(gate, 4 * i);
      FloatVector cubic = g.mul(g).fma(Lanes.all(Plain.GELU_CUBE), Lanes.all(1f));
      g.div(Lanes.exp(g.mul(cubic).mul(Plain.GELU_SCALE)).add(1f))
          .mul(Lanes.floats(up, 4 * i))
          .intoMemorySegment(out, 4 * i, Lanes.LE);
    }
    gated(Activation.GELU, gate, up, out, main, to);
  }

  /** The same with any activation, one by one. */
  public static void gated(
      Activation activation,
      MemorySegment gate,
      MemorySegment up,
      MemorySegment out,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float g = Plain.activated(activation, gate.get(Lanes.FLOAT, 4 * i));
      out.set(Lanes.FLOAT, 4 * i, g * up.get(Lanes.FLOAT, 4 * i));
    }
  }

  /** {@link io.solebox.engine.graph.Gating.Clamped}. */
  public static void clamped(
      float alpha,
      float limit,
      MemorySegment gate,
      MemorySegment up,
      MemorySegment out,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float g = Math.min(gate.get(Lanes.FLOAT, 4 * i), limit);
      float u = Math.clamp(up.get(Lanes.FLOAT, 4 * i), -limit, limit);
      out.set(Lanes.FLOAT, 4 * i, g / (Plain.exp(-alpha * g) + 1f) * (u + 1f));
    }
  }

  /** {@code out = activation(x)}. */
  public static void activate(
      Activation activation, MemorySegment x, MemorySegment out, long from, long to) {
    for (long i = from; i < to; i++) {
      out.set(Lanes.FLOAT, 4 * i, Plain.activated(activation, x.get(Lanes.FLOAT, 4 * i)));
    }
  }

  /** {@code out = x * factor}. */
  public static void scale(float factor, MemorySegment x, MemorySegment out, long from, long to) {
    for (long i = from; i < to; i++) {
      out.set(Lanes.FLOAT, 4 * i, x.get(Lanes.FLOAT, 4 * i) * factor);
    }
  }

  /** {@code out = cap * tanh(x / cap)}. */
  public static void softCap(float cap, MemorySegment x, MemorySegment out, long from, long to) {
    for (long i = from; i < to; i++) {
      out.set(Lanes.FLOAT, 4 * i, cap * Plain.tanh(x.get(Lanes.FLOAT, 4 * i) / cap));
    }
  }
}
