package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Arithmetic;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Team;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Runs graphs in plain scalar loops; see {@link ReferenceKernels}. */
final class ReferenceBackend implements Backend {
  @Override
  public Arithmetic arithmetic() {
    return new Arithmetic("scalar loops", true);
  }

  @Override
  public String describe() {
    return "scalar reference, 1 thread";
  }

  @Override
  public Set<TensorType> computes(Activations activations) {
    return EnumSet.allOf(TensorType.class);
  }

  @Override
  public Set<TensorType> embeds() {
    return EnumSet.allOf(TensorType.class);
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    for (Op op : graph.ops()) {
      if (op instanceof Op.Attention a) {
        limits.kvType().requireFits(a.headDim());
        limits.kvType().requireFits(a.shape().latent() ? a.headDim() : a.shape().valueDim());
      }
    }
    long[] perBlock = new long[graph.groups().size()];
    long perSequence = 0;
    for (Keep keep : graph.keeps()) {
      switch (keep) {
        case Keep.Paged p -> perBlock[graph.groupOf(p)] += blockBytes(p, limits.kvType());
        case Keep.Slot s -> perSequence += Float.BYTES * s.floats();
      }
    }
    long widths = graph.ops().stream().mapToLong(op -> op.out().width()).sum();
    long mapped = graph.weights().stream().mapToLong(Weight::bytes).sum();
    return new Estimate(
        0,
        mapped,
        Arrays.stream(perBlock).boxed().toList(),
        perSequence,
        widths * Math.max(limits.maxStepTokens(), limits.maxRows()) * Float.BYTES);
  }

  private static long blockBytes(Keep.Paged keep, KvType type) {
    var stored = type.stored();
    return KvBlocks.TOKENS * (stored.bytes(keep.keyWidth()) + stored.bytes(keep.valueWidth()));
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    Team.requireWhole(graph);
    return prepare(graph, limits, progress, ReferenceExchange.nobody());
  }

  /** Of a graph that may be a rank of several. */
  Plan prepare(Graph graph, Limits limits, Progress progress, ReferenceExchange.Seat seat) {
    progress.report("preparing", 0);
    if (progress.cancelled()) {
      throw new SoleboxException(
          ErrorCode.CANCELLED, "", "Loading was cancelled.", "Load it again.");
    }
    Estimate estimate = estimate(graph, limits);
    var blocks = KvPools.blocks(graph.groups(), estimate, limits);
    int slots = KvPools.slots(graph, estimate, limits);
    var plan = new ReferencePlan(graph, limits, blocks, slots, seat);
    progress.report("preparing", 1);
    return plan;
  }

  @Override
  public void close() {}
}
