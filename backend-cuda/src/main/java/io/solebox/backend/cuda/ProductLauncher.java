package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Grid;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Launches products: for up to eight columns the kernels of decode, for more those of prompts,
 * which on tensor cores take columns of 16 bits.
 */
final class ProductLauncher extends Launcher {
  ProductLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
  }

  void launch(Node.Linear n, int count) {
    long bias = state.vector(n.biases());
    toHalves(n.x(), n.weights().getFirst(), 1, count);
    product(n.out(), n.x(), n.weights(), bias, n.residual(), count);
  }

  private void product(
      Value out, Value x, List<Weight> weights, long bias, Optional<Value> residual, int count) {
    TensorType type = weights.getFirst().type();
    int rows = weights.stream().mapToInt(Weight::rows).sum();
    boolean halves = takesHalves(type, count);
    start(out);
    if (halves) {
      arguments.pointer(state.halves()).pointer(NONE);
    } else {
      operand(x, type);
    }
    planes(weights);
    arguments.pointer(bias).pointer(residual.map(this::at).orElse(NONE));
    arguments.integer(rows).integer(weights.getFirst().cols()).integer(count);
    if (count <= DecodeBatch.LARGEST) {
      int cols = weights.getFirst().cols();
      int split = ColumnSplit.of(rows, cols, type, kernels.multiprocessors());
      arguments.integer(split);
      String entry = "linear_" + name(type) + "_" + DecodeBatch.bucket(count);
      run(
          "linear_" + name(type),
          entry,
          Grid.of(Math.ceilDiv(rows, ColumnSplit.ROWS >> split), 128));
      return;
    }
    String entry = "matmul_" + name(type);
    if (halves && count > TILE) {
      int wide = 2 * TILE;
      Grid grid = Grid.of(Math.ceilDiv(rows, wide), Math.ceilDiv(count, wide), 256);
      run(entry, entry + "_" + wide, grid);
    } else {
      run(entry, entry, Grid.of(Math.ceilDiv(rows, TILE), Math.ceilDiv(count, TILE), 128));
    }
  }

  void launch(Node.GateUp n, int count) {
    Weight gate = n.gate();
    if (count > DecodeBatch.LARGEST) {
      toHalves(n.x(), gate, 1, count);
      product(n.gateOut(), n.x(), List.of(gate), NONE, Optional.empty(), count);
      product(n.upOut(), n.x(), List.of(n.up()), NONE, Optional.empty(), count);
      gate(n.out(), n.gateOut(), n.upOut(), n.gating(), count);
      n.rounded().ifPresent(q -> quantize(n.out(), q, count));
      return;
    }
    start(n.out());
    rounded(n.rounded());
    arguments.pointer(n.rounded().isPresent() ? state.counters() : NONE);
    operand(n.x(), gate.type());
    planes(List.of(gate));
    planes(List.of(n.up()));
    gating(n.gating());
    arguments.integer(gate.rows()).integer(gate.cols()).integer(count);
    String entry = "swiglu_" + name(gate.type()) + "_" + DecodeBatch.bucket(count);
    run("linear_" + name(gate.type()), entry, Grid.of(Math.ceilDiv(gate.rows(), 4), 128));
  }
}
