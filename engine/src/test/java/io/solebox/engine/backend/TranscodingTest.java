package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.backend.reference.ReferenceBackendProvider;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TranscodingTest {
  private static final Set<TensorType> COMPUTED =
      EnumSet.of(TensorType.F32, TensorType.Q8_0, TensorType.Q6_K);

  private static Weight weight(String name, int rows, TensorType type) {
    byte[] bytes = new byte[(int) type.bytes(256) * rows];
    return new Weight(name, rows, 256, type, MemorySegment.ofArray(bytes));
  }

  /** A tied table, a matrix with a bias, and a norm, all in this format. */
  private static Graph graph(TensorType type) {
    var b = new GraphBuilder();
    Weight table = weight("table", 1024, type);
    Value x = b.rmsNorm("norm", b.embed(table), weight("gain", 1, type), 1e-5f);
    Value y = b.linear("y", x, weight("y", 256, type), Optional.of(weight("bias", 1, type)));
    Value rows = b.selectRows(y);
    return b.build(rows, b.linear("logits", rows, table));
  }

  @Test
  void aGraphThatIsComputedAsItIsStaysTheSame() {
    Graph graph = graph(TensorType.Q6_K);
    Transcoding transcoding = Transcoding.of(graph, COMPUTED, COMPUTED);
    assertSame(graph, transcoding.graph());
    assertEquals(List.of(), transcoding.notes());
  }

  @Test
  void matricesAndTablesAreBroughtToAnotherFormatAndVectorsAreNot() {
    Transcoding transcoding = Transcoding.of(graph(TensorType.Q3_K), COMPUTED, COMPUTED);
    var ops = transcoding.graph().ops();
    Weight table = ((Op.Embed) ops.getFirst()).table();
    assertEquals(TensorType.Q6_K, table.type());
    assertEquals(TensorType.Q3_K, table.stored());
    assertEquals(1024 * 210, table.bytes());
    assertThrows(IllegalStateException.class, table::data);
    assertEquals(table, ((Op.Linear) ops.getLast()).weight(), "a tied table stays one");
    assertEquals(TensorType.Q3_K, ((Op.RmsNorm) ops.get(1)).gain().type());
    Op.Linear linear = (Op.Linear) ops.get(2);
    assertEquals(TensorType.Q6_K, linear.weight().type());
    assertEquals(TensorType.Q3_K, linear.bias().orElseThrow().type());
    assertEquals(
        List.of(
            "There are no kernels for Q3_K. 2 matrices in it are computed as Q6_K, with the same"
                + " values: 0.3 MiB instead of 0.1 MiB."),
        transcoding.notes());
  }

  /** Two layers, the first sees all and the second a window. */
  private static Graph windowed(TensorType type) {
    var b = new GraphBuilder();
    Value x = b.embed(weight("table", 1024, type));
    Mask[] masks = {new Mask.Causal(), new Mask.SlidingWindow(64)};
    for (int layer = 0; layer < masks.length; layer++) {
      b.layer(layer, x);
      Value q = b.linear("q", x, weight("q" + layer, 256, type));
      Value k = b.linear("k", x, weight("k" + layer, 64 << layer, type));
      Value v = b.linear("v", x, weight("v" + layer, 64 << layer, type));
      var shape = new AttentionShape(4, 1 << layer, 64, 0.125f, masks[layer]);
      x = b.add("sum", x, b.attention(q, k, v, shape));
    }
    b.head();
    Value rows = b.selectRows(x);
    return b.build(rows, rows);
  }

  @Test
  void aStageKeepsTheGroupsOfTheWholeGraph() {
    Graph graph = windowed(TensorType.Q3_K);
    assertEquals(2, graph.groups().size());
    var stages = graph.cutBefore(1);
    for (Graph stage : List.of(stages.first(), stages.second())) {
      Graph transcoded = Transcoding.of(stage, COMPUTED, COMPUTED).graph();
      assertEquals(graph.groups(), transcoded.groups());
      Keep.Paged keep = (Keep.Paged) transcoded.keeps().getFirst();
      assertEquals(graph.groupOf(keep), transcoded.groupOf(keep));
    }
  }

  @Test
  void aStageHasThePoolsOfTheWholeGraph() {
    Graph graph = windowed(TensorType.Q3_K);
    Graph window = Transcoding.of(graph.cutBefore(1).second(), COMPUTED, COMPUTED).graph();
    var limits = new Limits(1024, 32, 2, 1, 2048, KvType.F32, Activations.AUTO, 1L << 30);
    var provider = new ReferenceBackendProvider();
    var device = ((BackendProvider.Probe.Usable) provider.probe()).devices().getFirst();
    try (Backend reference = provider.open(device, new BackendProvider.Options(1))) {
      Estimate estimate = reference.estimate(window, limits);
      assertEquals(List.of(0L, 32L * 2 * 128 * 4), estimate.kvBytesPerBlock());
      assertEquals(
          KvPools.blocks(graph.groups(), reference.estimate(graph, limits), limits),
          KvPools.blocks(window.groups(), estimate, limits));
    }
  }

  @Test
  void tablesThatCanBeReadStayAndAMatrixInThemDoesNot() {
    Transcoding transcoding =
        Transcoding.of(graph(TensorType.Q3_K), COMPUTED, EnumSet.of(TensorType.Q3_K));
    var ops = transcoding.graph().ops();
    assertEquals(TensorType.Q3_K, ((Op.Embed) ops.getFirst()).table().type());
    assertEquals(TensorType.Q6_K, ((Op.Linear) ops.getLast()).weight().type());
  }
}
