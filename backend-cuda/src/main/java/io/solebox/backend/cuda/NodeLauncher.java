package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Grid;
import java.util.List;

/** Launches the kernels of nodes. */
final class NodeLauncher extends Launcher {
  private final ProductLauncher products;
  private final AttentionLauncher attention;
  private final GroupLauncher groups;
  private final SingleLauncher singles;
  private final SumLauncher sums;

  NodeLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
    this.products = new ProductLauncher(kernels, footprint, state, sink);
    this.attention = new AttentionLauncher(kernels, footprint, state, sink);
    this.groups = new GroupLauncher(kernels, footprint, state, sink);
    this.singles = new SingleLauncher(kernels, footprint, state, sink);
    this.sums = new SumLauncher(kernels, footprint, state, sink);
  }

  void launch(Node node, Shape shape) {
    boolean perRow = node.outs().stream().anyMatch(footprint.places()::isPerRow);
    int count = perRow ? shape.rows() : shape.tokens();
    if (count == 0) {
      return; // nobody asks for a row of this part
    }
    switch (node) {
      case Node.TakeHidden _ -> {}
      case Node.Embed n -> embed(n, count);
      case Node.Norm n -> norm(n, count);
      case Node.Quantize n -> quantize(n.x(), n.out(), count);
      case SumNode n -> sums.launch(n, count);
      case Node.Linear n -> products.launch(n, count);
      case Node.GateUp n -> products.launch(n, count);
      case Node.Single n -> singles.launch(n.op(), shape, count);
      case Node.LayerNorm n -> layerNorm(n, count);
      case GroupNode.Heads n -> groups.launch(n, count);
      case GroupNode.Experts n -> groups.launch(n, count);
      case AdapterNode n -> adapters(n, count);
      case Node.StoreKv n -> attention.store(n, shape);
      case Node.Attend n -> attention.attend(n, shape);
    }
  }

  private void embed(Node.Embed n, int count) {
    start(n.out()).pointer(state.input() + input().idsAt());
    planes(List.of(n.table()));
    arguments.integer(n.out().width());
    String entry = "embed_" + name(n.table().type());
    run(entry, entry, Grid.of(count, 128));
  }

  private void adapters(AdapterNode n, int count) {
    int rank = n.op().maxRank();
    int width = n.out().width();
    boolean perRow = footprint.places().isPerRow(n.out());
    long rows = perRow ? state.input() + input().rowsAt() : NONE;
    start(n.inner())
        .pointer(at(n.op().x()))
        .pointer(state.vector(n.a()))
        .pointer(vector(n.table()));
    arguments.integer(n.variants()).integer(n.op().x().width()).integer(rank);
    arguments.pointer(state.input() + input().variantsAt()).pointer(rows);
    run("adapters", "lora_down", Grid.of(Math.ceilDiv(rank, 4), count, 128));
    start(n.out()).pointer(at(n.op().y())).pointer(at(n.inner()));
    arguments.pointer(state.vector(n.b())).pointer(vector(n.table()));
    arguments.integer(n.variants()).integer(width).integer(rank);
    arguments.pointer(state.input() + input().variantsAt()).pointer(rows);
    run("adapters", "lora_up", Grid.of(Math.ceilDiv(width, 256), count, 256));
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
}
