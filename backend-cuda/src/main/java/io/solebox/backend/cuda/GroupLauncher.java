package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Grid;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.List;
import java.util.Optional;

/**
 * Launches products in which each column has a matrix of its own. Up to eight tokens take a block
 * row for every column; in prompts, columns of one matrix are multiplied together.
 */
final class GroupLauncher extends Launcher {
  GroupLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
  }

  /**
   * One product.
   *
   * @param routing expert and share of each slot; {@link #NONE} where matrices go by turns
   * @param shares whether results are multiplied by shares
   * @param slots of a token
   * @param shared slots that have one column
   */
  private record Product(
      Value out, Value x, Stack stack, long routing, boolean shares, int slots, int shared) {
    Weight weight() {
      return stack.weight();
    }
  }

  void launch(GroupNode.Heads n, int count) {
    Weight w = n.op().weight();
    int heads = n.op().heads();
    toHalves(n.x(), w, heads, count);
    var stack = new Stack(w, heads, Optional.empty());
    product(new Product(n.out(), n.x(), stack, NONE, false, heads, 1), count);
  }

  void launch(GroupNode.Experts n, int count) {
    int used = n.op().used();
    int slots = Math.multiplyExact(used, count);
    if (count > DecodeBatch.LARGEST) {
      arguments.start().pointer(state.order()).pointer(state.tiles());
      arguments.pointer(at(n.op().routing())).integer(slots).integer(n.experts());
      arguments.integer(ProductScratch.tiles(slots, n.experts()));
      run("experts", "group_slots", Grid.of(1, Math.ceilDiv(n.experts(), 32) * 32));
    }
    if (n.isPair() && count <= DecodeBatch.LARGEST) {
      pair(n, slots);
    } else {
      n.op().gate().ifPresent(gate -> outer(n, gate, n.gateOut().orElseThrow(), count));
      outer(n, n.op().up(), n.upOut(), count);
      activate(n, count);
      n.rounded().ifPresent(q -> quantize(n.upOut(), q, count));
    }
    Stack down = n.op().down();
    toHalves(n.upOut(), down.weight(), used, count);
    long routing = at(n.op().routing());
    Value x = n.rounded().orElse(n.upOut());
    product(new Product(n.parts(), x, down, routing, false, used, 1), count);

    int width = n.out().width();
    start(n.out()).pointer(at(n.parts())).pointer(routing);
    arguments.pointer(n.residual().map(this::at).orElse(NONE));
    arguments.integer(n.op().sharesFirst() ? 0 : 1).integer(used).integer(width);
    run("experts", "mix", Grid.of(Math.ceilDiv(width, 256), count, 256));
  }

  /** Gate and up in one, and the activation rounded where down takes it so. */
  private void pair(GroupNode.Experts n, int slots) {
    Stack gate = n.op().gate().orElseThrow();
    Stack up = n.op().up();
    start(n.upOut());
    rounded(n.rounded());
    arguments.pointer(n.rounded().isPresent() ? state.counters() : NONE);
    operand(n.upX(), up.weight().type());
    planes(List.of(gate.weight()));
    planes(List.of(up.weight()));
    arguments.pointer(gate.bias().map(this::vector).orElse(NONE));
    arguments.pointer(up.bias().map(this::vector).orElse(NONE));
    arguments.pointer(at(n.op().routing())).integer(n.op().sharesFirst() ? 1 : 0);
    arguments.integer(gate.step()).integer(gate.from()).integer(up.step()).integer(up.from());
    gating(n.op().gating());
    arguments.integer(n.inner()).integer(up.weight().cols()).integer(n.op().used());
    String type = name(up.weight().type());
    run("linear_" + type, "each_gated_" + type, Grid.of(Math.ceilDiv(n.inner(), 4), slots, 128));
  }

  /** The product with gate or up, of which all choices of a token share a column. */
  private void outer(GroupNode.Experts n, Stack stack, Value out, int count) {
    int used = n.op().used();
    Value x = n.operand(stack);
    toHalves(x, stack.weight(), 1, count);
    long routing = at(n.op().routing());
    product(new Product(out, x, stack, routing, n.op().sharesFirst(), used, used), count);
  }

  private void activate(GroupNode.Experts n, int count) {
    if (n.gateOut().isPresent()) {
      gate(n.upOut(), n.gateOut().get(), n.upOut(), n.op().gating(), count);
      return;
    }
    switch (n.op().gating()) {
      case Gating.By(var activation) -> {
        start(n.upOut()).pointer(at(n.upOut())).integer(activation.ordinal());
        launchElements("activate", n.upOut(), count);
      }
      case Gating.Clamped _ -> throw new AssertionError("a clamped gate has two sides");
    }
  }

  private void product(Product p, int count) {
    String type = name(p.weight().type());
    boolean many = count > DecodeBatch.LARGEST;
    boolean byExpert = p.routing() != NONE;
    start(p.out());
    if (takesHalves(p.weight().type(), count)) {
      arguments.pointer(state.halves()).pointer(NONE);
    } else {
      operand(p.x(), p.weight().type());
    }
    planes(List.of(p.weight()));
    arguments.pointer(p.stack().bias().map(this::vector).orElse(NONE));
    arguments.pointer(p.routing()).integer(p.shares() ? 1 : 0);
    if (many) {
      arguments.pointer(byExpert ? state.order() : NONE);
      arguments.pointer(byExpert ? state.tiles() : NONE);
    }
    Stack stack = p.stack();
    arguments.integer(stack.experts()).integer(stack.step()).integer(stack.from());
    arguments.integer(stack.rows()).integer(p.weight().cols());
    if (many) {
      int tiles =
          byExpert
              ? ProductScratch.tiles(p.slots() * count, stack.experts())
              : stack.experts() * Math.ceilDiv(count, TILE);
      arguments.integer(count).integer(p.shared());
      Grid grid = Grid.of(Math.ceilDiv(stack.rows(), TILE), tiles, 128);
      run("matmul_" + type, "grouped_" + type, grid);
    } else {
      arguments.integer(p.shared());
      Grid grid = Grid.of(Math.ceilDiv(stack.rows(), ColumnSplit.ROWS), p.slots() * count, 128);
      run("linear_" + type, "each_" + type, grid);
    }
  }
}
