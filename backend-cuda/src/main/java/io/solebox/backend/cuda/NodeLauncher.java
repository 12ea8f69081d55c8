package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Grid;
import io.solebox.engine.graph.Op;
import java.util.List;

/** Launches the kernels of nodes; those of attention are here, and of what stands before it. */
final class NodeLauncher extends Launcher {
  private final ProductLauncher products;
  private final SingleLauncher singles;

  NodeLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
    this.products = new ProductLauncher(kernels, footprint, state, sink);
    this.singles = new SingleLauncher(kernels, footprint, state, sink);
  }

  void launch(Node node, Shape shape) {
    int count = footprint.places().isPerRow(node.outs().getFirst()) ? shape.rows() : shape.tokens();
    if (count == 0) {
      return; // nobody asks for a row of this part
    }
    switch (node) {
      case Node.TakeHidden _ -> {}
      case Node.Embed n -> embed(n, count);
      case Node.Norm n -> norm(n, count);
      case Node.Quantize n -> quantize(n.x(), n.out(), count);
      case Node.Linear n -> products.launch(n, count);
      case Node.GateUp n -> products.launch(n, count);
      case Node.Single n -> singles.launch(n.op(), shape, count);
      case Node.LayerNorm n -> layerNorm(n, count);
      case Node.StoreKv n -> storeKv(n, count);
      case Node.Attend n -> attend(n, shape);
    }
  }

  private void embed(Node.Embed n, int count) {
    start(n.out()).pointer(state.input() + input().idsAt());
    planes(List.of(n.table()));
    arguments.integer(n.out().width());
    String entry = "embed_" + name(n.table().type());
    run(entry, entry, Grid.of(count, 128));
  }

  private void norm(Node.Norm n, int count) {
    int width = n.x().width();
    int group = n.gain().cols();
    arguments.start().pointer(n.out().dense().map(this::at).orElse(NONE));
    rounded(n.out().rounded());
    arguments.pointer(NONE).pointer(at(n.x())).pointer(NONE);
    arguments.pointer(vector(n.gain()));
    arguments.integer(width).integer(group).real(n.eps());
    run("norm", "rmsnorm", Grid.of(count, width / group, normThreads(group)));
  }

  /**
   * Four elements a thread, or as often four as it takes. The block decides bits, so it depends on
   * the group alone.
   */
  private static int normThreads(int group) {
    int most = 1024;
    int rounds = Math.ceilDiv(group, 4 * most);
    return Math.ceilDiv(group, 4 * 32 * rounds) * 32;
  }

  private void layerNorm(Node.LayerNorm n, int count) {
    int width = n.op().x().width();
    int group = n.op().gain().cols();
    arguments.start().pointer(n.out().dense().map(this::at).orElse(NONE));
    rounded(n.out().rounded());
    arguments.pointer(at(n.op().x())).pointer(vector(n.op().gain()));
    arguments.pointer(n.op().bias().map(this::vector).orElse(NONE));
    arguments.integer(width).integer(group).real(n.op().eps());
    run("norm", "layernorm", Grid.of(count, width / group, normThreads(group)));
  }

  private int group(Op.Attention op) {
    return footprint.graph().groupOf(op.keep());
  }

  private void storeKv(Node.StoreKv n, int count) {
    Op.Attention op = n.op();
    KvTiles tiles = footprint.kvTiles(op);
    start(n.out()).pointer(at(n.q())).pointer(at(n.k())).pointer(at(n.v()));
    arguments.integer(n.q().of().width()).integer(n.k().of().width()).integer(n.v().of().width());
    arguments.pointer(state.vector(List.of(n.qGain()))).pointer(state.vector(List.of(n.kGain())));
    arguments.real(n.eps());
    rotation(n.rotation());
    arguments.integer(op.numHeads()).integer(op.numKvHeads()).integer(op.headDim());
    arguments.pointer(state.input() + input().positionsAt());
    tables(group(op));
    arguments.pointer(state.kv(op).keys()).pointer(state.kv(op).values());
    int heads = op.numHeads() + 2 * op.numKvHeads();
    String entry = "rope_kv_" + tiles.kernelName();
    run("rope", entry, Grid.of(Math.ceilDiv(heads, 4), count, 128));
  }

  private long at(Node.Slice slice) {
    return at(slice.of()) + (long) Float.BYTES * slice.from();
  }

  private void attend(Node.Attend n, Shape shape) {
    if (shape.isDecode()) {
      decodeAttention(n, shape);
    } else {
      prefillAttention(n, shape);
    }
  }

  private void decodeAttention(Node.Attend n, Shape shape) {
    Op.Attention op = n.op();
    AttentionScratch scratch = footprint.attention();
    arguments.start().pointer(state.partial()).pointer(state.stats());
    arguments.pointer(at(n.q())).integer(n.q().width());
    arguments.pointer(lasts(op));
    cacheOf(op);
    int tokens = shape.tokens();
    arguments.integer(scratch.splitTokens(tokens)).integer(scratch.maxSplits(tokens));
    int headsPerKv = op.numHeads() / op.numKvHeads();
    int together = DecodeBatch.bucket(Math.min(headsPerKv, DecodeBatch.LARGEST));
    String entry = "attention_" + footprint.kvTiles(op).kernelName() + "_" + together;
    int groups = op.numKvHeads() * Math.ceilDiv(headsPerKv, together);
    run("attention", entry, new Grid(shape.splits(), groups, shape.tokens(), 128, 0));

    start(n.out());
    rounded(n.rounded());
    arguments.pointer(state.partial()).pointer(state.stats());
    arguments.pointer(lasts(op));
    arguments.integer(op.numHeads()).integer(op.headDim()).integer(window(op));
    arguments.integer(scratch.splitTokens(tokens)).integer(scratch.maxSplits(tokens));
    run("attention", "attention_combine", Grid.of(op.numHeads(), shape.tokens(), 128));
  }

  /** Per token the last position that it sees. */
  private long lasts(Op.Attention op) {
    boolean ahead = op.mask().seesAhead();
    return state.input() + (ahead ? input().lastsAt() : input().positionsAt());
  }

  /** What attention takes between q and what is its own: where the cache lies and who sees what. */
  private void cacheOf(Op.Attention op) {
    tables(group(op));
    arguments.pointer(state.kv(op).keys()).pointer(state.kv(op).values());
    arguments.integer(op.numHeads()).integer(op.numKvHeads()).integer(op.headDim());
    arguments.real(op.scale()).integer(window(op));
  }

  private static int window(Op.Attention op) {
    return op.mask().window().orElse(0);
  }

  private void prefillAttention(Node.Attend n, Shape shape) {
    Op.Attention op = n.op();
    start(n.out()).pointer(at(n.q())).integer(n.q().width());
    arguments.pointer(state.input() + input().spansAt());
    arguments.pointer(state.input() + input().positionsAt());
    cacheOf(op);
    arguments.integer(op.mask().seesAhead() ? 1 : 0);
    KvTiles tiles = footprint.kvTiles(op);
    String entry = "prefill_attention_" + tiles.kernelName();
    Grid grid = Grid.of(shape.spans(), op.numHeads(), 128);
    if (tiles.fitTensorCores()) {
      run("prefill_attention_mma", entry + "_" + op.headDim(), grid);
    } else {
      run("prefill_attention", entry, grid);
    }
    n.rounded().ifPresent(q -> quantize(n.out(), q, shape.tokens()));
  }
}
