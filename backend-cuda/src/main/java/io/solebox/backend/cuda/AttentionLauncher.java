package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Op;
import java.util.List;

/** Launches the kernels of attention, and of what stands before it. */
final class AttentionLauncher extends Launcher {
  /** More positions than any sequence has. */
  private static final int FAR = 1 << 30;

  /** Query heads that share a pass over latents. */
  private static final int LATENT_HEADS = 8;

  AttentionLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
  }

  private int group(Op.Attention op) {
    return footprint.graph().groupOf(op.keep());
  }

  void store(Node.StoreKv n, Shape shape) {
    Op.Attention op = n.op();
    boolean latent = op.shape().latent();
    int numHeads = n.out().isPresent() ? op.numHeads() : 0;
    arguments.start().pointer(n.out().map(this::at).orElse(NONE));
    arguments.pointer(at(n.q())).pointer(at(n.k())).pointer(n.v().map(this::at).orElse(NONE));
    arguments.integer(n.q().of().width()).integer(n.k().of().width());
    arguments.integer(n.v().map(v -> v.of().width()).orElse(0));
    arguments.pointer(state.vector(List.of(n.qGain()))).pointer(state.vector(List.of(n.kGain())));
    arguments.real(n.eps());
    rotation(n.rotation());
    arguments.integer(numHeads).integer(op.numKvHeads()).integer(op.headDim());
    arguments.integer(latent ? 0 : op.shape().valueDim());
    arguments.pointer(state.input() + input().positionsAt());
    tables(group(op));
    arguments.pointer(state.kv(op).keys()).pointer(state.kv(op).values());
    int heads = numHeads + (latent ? 1 : 2) * op.numKvHeads();
    String entry = "rope_kv_" + footprint.kvTiles(op).kernelName();
    run("rope", entry, Grid.of(Math.ceilDiv(heads, 4), shape.tokens(), 128));
  }

  private long at(Node.Slice slice) {
    return at(slice.of()) + (long) Float.BYTES * slice.from();
  }

  void attend(Node.Attend n, Shape shape) {
    if (n.op().shape().latent()) {
      latents(n, shape);
    } else if (shape.isDecode()) {
      decode(n, shape);
    } else {
      prefill(n, shape);
    }
    if (shape.isDecode()) {
      combine(n, shape);
    } else {
      n.rounded().ifPresent(q -> quantize(n.out(), q, shape.tokens()));
    }
  }

  private void decode(Node.Attend n, Shape shape) {
    Op.Attention op = n.op();
    arguments.start().pointer(state.partial()).pointer(state.stats());
    query(n).pointer(state.input() + input().positionsAt()).pointer(ends(op));
    cacheOf(op);
    arguments.real(cap(op)).pointer(slopes(op));
    mask(op);
    splits(shape);
    int headsPerKv = op.numHeads() / op.numKvHeads();
    int together = DecodeBatch.bucket(Math.min(headsPerKv, DecodeBatch.LARGEST));
    String entry = "attention_" + footprint.kvTiles(op).kernelName() + "_" + together;
    int groups = op.numKvHeads() * Math.ceilDiv(headsPerKv, together);
    run("attention", entry, new Grid(shape.splits(), groups, shape.tokens(), 128, 0));
  }

  private void combine(Node.Attend n, Shape shape) {
    Op.Attention op = n.op();
    start(n.out());
    rounded(n.rounded());
    arguments.pointer(state.partial()).pointer(state.stats()).pointer(sinks(op));
    arguments.pointer(state.input() + input().positionsAt()).pointer(ends(op));
    arguments.integer(op.numHeads()).integer(op.shape().valueDim());
    mask(op);
    splits(shape);
    run("attention", "attention_combine", Grid.of(op.numHeads(), shape.tokens(), 128));
  }

  private void prefill(Node.Attend n, Shape shape) {
    Op.Attention op = n.op();
    start(n.out());
    query(n).pointer(state.input() + input().spansAt());
    arguments.pointer(state.input() + input().positionsAt());
    cacheOf(op);
    arguments.real(cap(op)).pointer(sinks(op)).pointer(slopes(op));
    mask(op);
    KvTiles tiles = footprint.kvTiles(op);
    String entry = "prefill_attention_" + tiles.kernelName();
    Grid grid = Grid.of(shape.spans(), op.numHeads(), 128);
    if (tiles.fitTensorCores()) {
      run("prefill_attention_mma", entry + "_" + op.headDim(), grid);
    } else {
      run("prefill_attention", entry, grid);
    }
  }

  /** Of a decode part in splits, for {@link #combine}; of a prompt each token in one go. */
  private void latents(Node.Attend n, Shape shape) {
    Op.Attention op = n.op();
    arguments.start().pointer(shape.isDecode() ? NONE : at(n.out()));
    arguments.pointer(state.partial()).pointer(state.stats());
    query(n).pointer(state.input() + input().positionsAt());
    tables(group(op));
    arguments.pointer(state.kv(op).keys());
    arguments.integer(op.numHeads()).integer(op.headDim()).integer(op.shape().valueDim());
    arguments.real(op.scale()).real(cap(op)).pointer(sinks(op)).pointer(slopes(op));
    mask(op);
    splits(shape);
    int groups = Math.ceilDiv(op.numHeads(), LATENT_HEADS);
    int splits = shape.isDecode() ? shape.splits() : 1;
    String entry = "latent_" + footprint.kvTiles(op).kernelName();
    run("latent", entry, new Grid(splits, groups, shape.tokens(), 128, 0));
  }

  private Arguments query(Node.Attend n) {
    return arguments.pointer(at(n.q())).integer(n.q().of().width());
  }

  /** Where the cache lies, and how it and queries are cut into heads. */
  private void cacheOf(Op.Attention op) {
    tables(group(op));
    arguments.pointer(state.kv(op).keys()).pointer(state.kv(op).values());
    arguments.integer(op.numHeads()).integer(op.numKvHeads());
    arguments.integer(op.headDim()).integer(op.shape().valueDim()).real(op.scale());
  }

  private void splits(Shape shape) {
    AttentionScratch scratch = footprint.attention();
    int tokens = shape.isDecode() ? shape.tokens() : 1;
    arguments.integer(scratch.splitTokens(tokens)).integer(scratch.maxSplits(tokens));
  }

  /** Per token its sequence's last position, where tokens see ahead. */
  private long ends(Op.Attention op) {
    return op.mask().seesAhead() ? state.input() + input().lastsAt() : NONE;
  }

  private static float cap(Op.Attention op) {
    return op.shape().softCap().orElse(0f);
  }

  private long sinks(Op.Attention op) {
    return op.sinks().map(this::vector).orElse(NONE);
  }

  private long slopes(Op.Attention op) {
    return op.slopes().map(this::vector).orElse(NONE);
  }

  /** How far a token sees before it and behind it, and the chunks that it stays in. */
  private void mask(Op.Attention op) {
    switch (op.mask()) {
      case Mask.Causal _ -> arguments.integer(FAR).integer(0).integer(0);
      case Mask.SlidingWindow(int tokens) -> arguments.integer(tokens - 1).integer(0).integer(0);
      case Mask.Chunked(int tokens) -> arguments.integer(FAR).integer(0).integer(tokens);
      case Mask.Around(int reach) -> {
        int near = Math.min(reach, FAR);
        arguments.integer(near).integer(near).integer(0);
      }
      case Mask.Bidirectional _ -> arguments.integer(FAR).integer(FAR).integer(0);
    }
  }
}
