package io.solebox.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a graph may be cut into stages. */
class GraphCutTest {
  /**
   * Per-layer inputs are made before the first layer and read by all: they cross every boundary.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void notWhereMoreThanTheHiddenStateCrosses(boolean perLayer) {
    var table = new Weight("table", 8, 4, TensorType.F32, MemorySegment.NULL);
    var g = new GraphBuilder();
    Value x = g.embed(table);
    Value extra = g.scale("extra", x, 2);
    for (int layer = 0; layer < 2; layer++) {
      g.layer(layer, x);
      x = g.add("sum", x, perLayer ? extra : x);
    }
    g.head();
    Value rows = g.selectRows(x);
    assertEquals(!perLayer, g.build(rows, rows).canCutBefore(1));
  }
}
