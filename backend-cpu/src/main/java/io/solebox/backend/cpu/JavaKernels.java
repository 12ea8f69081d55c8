package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.backend.cpu.kernel.Lanes;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.backend.cpu.kernel.ReadBandwidth;
import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Op;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.Optional;

/** Vector API kernels: f32 arithmetic, weights in place; they run on any processor. */
record JavaKernels(WarmUp.Mode mode) implements Kernels {
  @Override
  public String describe() {
    return Lanes.vectorBits() + "-bit vectors";
  }

  @Override
  public BandwidthMeter.Reader reader() {
    return ReadBandwidth::read;
  }

  @Override
  public Encoding activations(TensorType weights) {
    return Encoding.F32;
  }

  @Override
  public Optional<Repacker> repacker(TensorType weights) {
    return Optional.empty();
  }

  @Override
  public long kvBlockBytes(Op.Attention op, KvType type) {
    return kvLayout(op, type).blockBytes();
  }

  @Override
  public long threadBytes(Footprint footprint) {
    long attention = 0;
    for (Op op : footprint.graph().ops()) {
      if (op instanceof Op.Attention o) {
        long bytes = attention(o, footprint.limits().kvType()).scratchBytes();
        attention = Math.max(attention, bytes);
      }
    }
    return LinearKernel.Scratch.bytes() + attention;
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where the KV type does not suit the heads
   */
  static KvLayout kvLayout(Op.Attention op, KvType type) {
    if (type == KvType.Q8_0 && op.headDim() % 32 != 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "kv-type",
          "A q8_0 KV cache needs heads of a multiple of 32, and this model's have %d elements."
              .formatted(op.headDim()),
          "Use --kv-type f16.");
    }
    return new KvLayout(type, op.numKvHeads(), op.headDim());
  }

  static AttentionKernel attention(Op.Attention op, KvType type) {
    return new AttentionKernel(kvLayout(op, type), op.numHeads(), op.scale(), op.mask());
  }

  @Override
  public StepFactory steps(Footprint footprint, Weights weights, Arena arena, int threads) {
    return new JavaSteps(footprint, mode, threads);
  }
}
