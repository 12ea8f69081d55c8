package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvPoolSize;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;

/** Runs graphs in plain scalar loops; see {@link ReferenceKernels}. */
final class ReferenceBackend implements Backend {
  @Override
  public String describe() {
    return "scalar reference, 1 thread";
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    long perBlock = 0;
    long widths = 0;
    for (Op op : graph.ops()) {
      widths += op.out().width();
      if (op instanceof Op.Attention a) {
        long width = (long) a.numKvHeads() * a.headDim();
        perBlock += 2 * KvBlocks.TOKENS * ReferenceKvCache.stored(limits.kvType()).bytes(width);
      }
    }
    return new Estimate(0, perBlock, widths * limits.maxStepTokens() * Float.BYTES);
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    requireKvTypeFits(graph, limits.kvType());
    progress.report("preparing", 0);
    if (progress.cancelled()) {
      throw new SoleboxException(
          ErrorCode.CANCELLED, "", "Loading was cancelled.", "Load it again.");
    }
    var plan = new ReferencePlan(graph, limits, KvPoolSize.blocks(estimate(graph, limits), limits));
    progress.report("preparing", 1);
    return plan;
  }

  private static void requireKvTypeFits(Graph graph, KvType type) {
    for (Op op : graph.ops()) {
      if (op instanceof Op.Attention a && type == KvType.Q8_0 && a.headDim() % 32 != 0) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "kv-type",
            "q8_0 needs a head dim that 32 divides; this model's is " + a.headDim() + ".",
            "Use --kv-type f16.");
      }
    }
  }

  @Override
  public void close() {}
}
