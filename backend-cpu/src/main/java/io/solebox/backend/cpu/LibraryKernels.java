package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.nativelib.CpuBindings;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The C kernels of one instruction set. Quantized weights are repacked and meet activations in
 * blocks of 8 bits; F32, F16 and BF16 weights are used in place.
 */
record LibraryKernels(CpuBindings library) implements Kernels {
  @Override
  public String describe() {
    return "native kernels (" + library.isa().word() + ")";
  }

  @Override
  public BandwidthMeter.Reader reader() {
    return (memory, at, bytes) -> library.readMemory(memory.address() + at, bytes);
  }

  @Override
  public Set<TensorType> computes() {
    var types = EnumSet.allOf(TensorType.class);
    types.removeIf(t -> library.operand(t.id()) == CpuBindings.Operand.NONE);
    return types;
  }

  @Override
  public Encoding activations(TensorType weights) {
    return switch (library.operand(weights.id())) {
      case F32 -> Encoding.F32;
      case BF16 -> Encoding.BF16;
      case INT8 -> Encoding.INT8;
      case NONE -> throw new IllegalArgumentException("no kernels for " + weights);
    };
  }

  @Override
  public Optional<Repacker> repacker(TensorType weights) {
    return activations(weights) == Encoding.INT8
        ? Optional.of(new Interleaving(library))
        : Optional.empty();
  }

  /** Words of 16 rows side by side, as the C header says. */
  record Interleaving(CpuBindings library) implements Repacker {
    static final int GROUP_ROWS = 16;

    @Override
    public int groupRows() {
      return GROUP_ROWS;
    }

    @Override
    public long groupBytes(Weight weight) {
      return library.groupBytes(weight.type().id(), weight.cols());
    }

    @Override
    public void run(Weight weight, MemorySegment rows, int count, MemorySegment out) {
      int groups = Math.ceilDiv(count, GROUP_ROWS);
      int type = weight.type().id();
      library.repack(type, rows.address(), count, weight.cols(), 0, groups, out.address());
    }
  }

  @Override
  public long kvBlockBytes(Op.Attention op, KvType type) {
    return JavaKernels.kvLayout(op, type).blockBytes();
  }

  @Override
  public long sharedBytes(Footprint footprint) {
    return NativeBlockTables.bytes(footprint.limits(), footprint.graph().groups().size());
  }

  @Override
  public long threadBytes(Footprint footprint) {
    long rows = 0;
    Map<AttentionTiles.Shape, Long> partials = new HashMap<>();
    Set<Long> scratch = new HashSet<>();
    for (Op op : footprint.graph().ops()) {
      if (op instanceof Op.Embed o) {
        rows += EmbedKernel.scratchBytes(o.table());
      }
      if (op instanceof Op.EmbedPosition o) {
        rows += EmbedKernel.scratchBytes(o.table());
      }
      if (op instanceof Op.Attention o) {
        var shape = AttentionTiles.Shape.of(o);
        partials.put(shape, shape.partialsPerThread(footprint.limits()));
        scratch.add(scratchFloats(shape));
      }
    }
    long answers = answerBytes(footprint.graph().end());
    return rows + sum(partials.values()) + Float.BYTES * sum(scratch) + answers;
  }

  /** Floats that a thread needs for attention. */
  long scratchFloats(AttentionTiles.Shape shape) {
    return library.attention().attentionScratch(shape.mostRows(), shape.keyDim(), shape.valueDim());
  }

  private static long sum(Collection<Long> bytes) {
    return bytes.stream().mapToLong(n -> n).sum();
  }

  private static long answerBytes(Graph.End end) {
    return switch (end) {
      case Graph.End.Rows e ->
          e.logits().map(l -> NativeAnswerStep.Scratch.bytes(l.width())).orElse(0L);
      case Graph.End.Hidden _, Graph.End.Elsewhere _ -> 0;
    };
  }

  @Override
  public StepFactory steps(Footprint footprint, Weights weights, Arena arena, int threads) {
    return new NativeSteps(this, footprint, weights, arena, threads);
  }
}
