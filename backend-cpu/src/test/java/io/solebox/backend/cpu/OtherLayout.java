package io.solebox.backend.cpu;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Set;

/**
 * Kernels that want 8-bit activations, and weights with every bit flipped in groups of 4 rows:
 * enough to see what a plan does for such kernels. They compute nothing.
 */
record OtherLayout() implements Kernels {
  private static final Kernels JAVA = new JavaKernels(WarmUp.Mode.PLAIN, Activations.AUTO);

  @Override
  public String describe() {
    return "kernels of a test";
  }

  @Override
  public BandwidthMeter.Reader reader() {
    return JAVA.reader();
  }

  @Override
  public Set<TensorType> computes() {
    return JAVA.computes();
  }

  @Override
  public Encoding activations(TensorType weights) {
    return weights == TensorType.Q8_0 ? Encoding.INT8 : Encoding.F32;
  }

  @Override
  public Optional<Repacker> repacker(TensorType weights) {
    return weights == TensorType.Q8_0 ? Optional.of(new Flip()) : Optional.empty();
  }

  @Override
  public long kvBlockBytes(Op.Attention op, KvType type) {
    return JAVA.kvBlockBytes(op, type);
  }

  @Override
  public long sharedBytes(Footprint footprint) {
    return 0;
  }

  @Override
  public long threadBytes(Footprint footprint) {
    return 0;
  }

  @Override
  public StepFactory steps(Footprint footprint, Weights weights, Arena arena, int threads) {
    throw new AssertionError("these kernels compute nothing");
  }

  record Flip() implements Repacker {
    @Override
    public int groupRows() {
      return 4;
    }

    @Override
    public void run(Weight weight, MemorySegment rows, int count, MemorySegment out) {
      for (long i = 0; i < count * weight.rowBytes(); i++) {
        out.set(ValueLayout.JAVA_BYTE, i, (byte) ~rows.get(ValueLayout.JAVA_BYTE, i));
      }
    }
  }
}
