package io.solebox.testkit;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Transcoding;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Graphs of one op that reads rows of embedding tables. */
final class OneOp {
  private static final int POSITIONS = 4096;

  private OneOp() {}

  /** What it gives for the first rows of its tables, all tokens in one step. */
  static float[][] run(
      BackendUnderTest test,
      int tokens,
      int width,
      int firstPosition,
      Function<GraphBuilder, Value> op) {
    var b = new GraphBuilder();
    Value rows = b.selectRows(op.apply(b));
    var limits = GraphRunner.limits(tokens, POSITIONS, 1, KvType.F32);
    try (Backend backend = test.open(2)) {
      var graph = Transcoding.of(b.build(rows, rows), backend, Activations.AUTO).graph();
      try (var runner = new GraphRunner(backend, graph, limits, width)) {
        int[] table = IntStream.range(0, 128).toArray();
        int[] ids = IntStream.range(0, tokens).toArray();
        return runner.logits(new GraphRunner.Piece(ids, firstPosition, table));
      }
    }
  }
}
