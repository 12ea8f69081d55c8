package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Grid;
import io.solebox.engine.graph.StateOp;
import java.util.List;
import java.util.Optional;

/** Launches the kernels of what remembers a sequence in a state. */
final class StateLauncher extends Launcher {
  /** Rows of a head's state that a block takes. */
  private static final int ROWS = 8;

  /** Elements of a row that a warp keeps in registers, by the kernel. */
  private static final int SHORT_ROW = 128;

  /** The longest row. */
  static final int LONG_ROW = 256;

  StateLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
  }

  void launch(StateOp op, Shape shape) {
    switch (op) {
      case StateOp.ShortConv o -> shortConv(o, shape.tokens());
      case StateOp.GatedDelta o -> gatedDelta(o, shape);
      case StateOp.SelectiveScan o -> selectiveScan(o, shape);
    }
  }

  private void shortConv(StateOp.ShortConv op, int count) {
    int width = op.out().width();
    int kept = op.taps() - 1;
    Grid grid = Grid.of(Math.ceilDiv(width, 256), count, 256);
    start(op.out()).pointer(at(op.x()));
    arguments.pointer(state.vector(List.of(Optional.of(op.kernel()))));
    arguments.pointer(state.vector(List.of(op.bias()))).pointer(state.slots(op.keep()));
    arguments.integer(width).integer(kept);
    tokensWithSlots();
    run("sequence", "short_conv", grid);
    if (kept > 0) {
      arguments.start().pointer(state.slots(op.keep())).pointer(at(op.x()));
      arguments.integer(width).integer(kept).integer(count);
      tokensWithSlots();
      run("sequence", "keep_inputs", grid);
    }
  }

  private void gatedDelta(StateOp.GatedDelta op, Shape shape) {
    start(op.out()).pointer(at(op.q())).pointer(at(op.k())).pointer(at(op.v()));
    arguments.pointer(at(op.a())).pointer(at(op.b()));
    arguments.pointer(vector(op.bias())).pointer(vector(op.rate()));
    arguments.pointer(state.slots(op.keep()));
    arguments.integer(op.heads()).integer(op.keyHeads()).integer(op.keyDim());
    arguments.integer(op.valueDim());
    arguments.integer(
        switch (op.sharing()) {
          case NEIGHBOURS -> 0;
          case BY_TURNS -> 1;
        });
    walk("gated_delta", op.keyDim(), op.valueDim(), op.heads(), shape);
  }

  private void selectiveScan(StateOp.SelectiveScan op, Shape shape) {
    start(op.out()).pointer(at(op.x())).pointer(at(op.b())).pointer(at(op.c()));
    arguments.pointer(at(op.dt()));
    arguments.pointer(vector(op.bias())).pointer(vector(op.rate())).pointer(vector(op.skip()));
    arguments.pointer(state.slots(op.keep()));
    arguments.integer(op.heads()).integer(op.groups()).integer(op.headDim());
    arguments.integer(op.stateDim());
    walk("selective_scan", op.stateDim(), op.headDim(), op.heads(), shape);
  }

  /** A block row per token of a decode part, and per span of a prompt, of which few begin. */
  private void walk(String entry, int row, int rows, int heads, Shape shape) {
    arguments.integer(shape.tokens());
    arguments.pointer(shape.isDecode() ? NONE : state.input() + input().spansAt());
    tokensWithSlots();
    int sequences = shape.isDecode() ? shape.tokens() : shape.spans();
    Grid grid = new Grid(Math.ceilDiv(rows, ROWS), sequences, heads, 128, 0);
    run("state", entry + "_" + (row <= SHORT_ROW ? SHORT_ROW : LONG_ROW), grid);
  }

  private void tokensWithSlots() {
    tokensOfSequences();
    arguments.pointer(state.input() + input().slotsAt());
  }
}
