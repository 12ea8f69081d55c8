package io.solebox.backend.cuda;

import io.solebox.engine.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sum over all ranks of a cut graph, in their order.
 *
 * @param residual added to it
 */
record SumNode(Value out, Value x, Optional<Value> residual) implements Node {
  @Override
  public List<Value> outs() {
    return List.of(out);
  }

  @Override
  public List<Value> inputs() {
    return Stream.concat(Stream.of(x), residual.stream()).toList();
  }
}
