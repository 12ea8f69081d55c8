package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.CodeKernel;
import io.solebox.backend.cpu.kernel.CodeLayout;
import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.backend.cpu.kernel.Lanes;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.backend.cpu.kernel.ReadBandwidth;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.graph.Weight.Role;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Vector API kernels, which run on any processor. Weights of 4 to 6 bits are repacked and meet
 * activations of 8 bits, unless the plan wants f32; the others are used in place, in f32.
 */
record JavaKernels(WarmUp.Mode mode, Activations wanted) implements Kernels {
  @Override
  public String describe() {
    return Lanes.vectorBits() + "-bit vectors";
  }

  @Override
  public BandwidthMeter.Reader reader() {
    return ReadBandwidth::read;
  }

  /** All; but what the scalar truth would have to unpack is too slow for anything but exactness. */
  @Override
  public Set<TensorType> computes() {
    var types = EnumSet.allOf(TensorType.class);
    if (wanted == Activations.AUTO) {
      types.removeIf(t -> CodeLayout.codes(t).isEmpty() && !LinearKernel.takesInPlace(t));
    }
    return types;
  }

  @Override
  public Encoding activations(TensorType weights) {
    return switch (wanted) {
      case F32 -> Encoding.F32;
      case AUTO -> CodeLayout.codes(weights).map(Encoding::of).orElse(Encoding.F32);
    };
  }

  @Override
  public Optional<Repacker> repacker(TensorType weights) {
    return activations(weights) == Encoding.F32 ? Optional.empty() : Optional.of(new Packing());
  }

  /** {@link CodeLayout}. */
  private record Packing() implements Repacker {
    @Override
    public int groupRows() {
      return CodeLayout.ROWS;
    }

    @Override
    public long groupBytes(Weight weight) {
      return layout(weight).groupBytes();
    }

    @Override
    public void run(Weight weight, MemorySegment rows, int count, MemorySegment out) {
      layout(weight).repack(rows, count, out);
    }

    private static CodeLayout layout(Weight weight) {
      return new CodeLayout(weight.type(), weight.cols());
    }
  }

  @Override
  public long kvBlockBytes(Op.Attention op, KvType type) {
    return kvLayout(op, type).blockBytes();
  }

  /** Block tables are read in the batch. */
  @Override
  public long sharedBytes(Footprint footprint) {
    return 0;
  }

  @Override
  public long threadBytes(Footprint footprint) {
    long attention = 0;
    long row = 0;
    for (Op op : footprint.graph().ops()) {
      if (op instanceof Op.Embed o) {
        row += EmbedKernel.scratchBytes(o.table());
      }
      if (op instanceof Op.EmbedPosition o) {
        row += EmbedKernel.scratchBytes(o.table());
      }
      if (op instanceof Op.Attention o) {
        long bytes = attention(o, footprint.limits().kvType()).scratchBytes();
        attention = Math.max(attention, bytes);
      }
    }
    long codes = CodeKernel.Scratch.bytes(codeColumns(footprint.graph()));
    return row + LinearKernel.Scratch.bytes() + codes + attention;
  }

  /** The most columns of a repacked matrix; 0 where there is none. */
  int codeColumns(Graph graph) {
    int most = 0;
    for (Weight.Use use : graph.uses()) {
      boolean multiplies = use.role() == Role.MATRIX || use.role() == Role.EXPERTS;
      if (multiplies && repacker(use.weight().type()).isPresent()) {
        most = Math.max(most, use.weight().cols());
      }
    }
    return most;
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} where the KV type
   *     does not suit the heads
   */
  static KvLayout kvLayout(Op.Attention op, KvType type) {
    type.requireFits(op.headDim());
    type.requireFits(op.shape().valueDim());
    return KvLayout.of(op.shape(), type);
  }

  static AttentionKernel attention(Op.Attention op, KvType type) {
    float[] sinks = op.sinks().map(EmbedKernel::vector).orElseGet(() -> new float[0]);
    float[] slopes = op.slopes().map(EmbedKernel::vector).orElseGet(() -> new float[0]);
    return new AttentionKernel(op.shape(), type, sinks, slopes);
  }

  @Override
  public StepFactory steps(Footprint footprint, Weights weights, Arena arena, int threads) {
    return new JavaSteps(this, footprint, weights, threads);
  }
}
