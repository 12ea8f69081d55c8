package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which ops become one node, on a layer as models have them. No device: weights have no bytes. */
class LoweringTest {
  private static final int WIDTH = 64;
  private static final int HEAD_DIM = 32;
  private static final Rotation ROTATION =
      new Rotation(Rotation.Pairing.HALVES, new float[HEAD_DIM / 2], 1);

  private static final Limits LIMITS =
      new Limits(128, 16, 4, 4, 8, KvType.F16, Activations.AUTO, 1L << 30);

  private final GraphBuilder b = new GraphBuilder();

  private static Weight matrix(String name, int rows, int cols, TensorType type) {
    return new Weight(name, rows, cols, type, MemorySegment.NULL);
  }

  private static Weight vector(String name, int cols) {
    return matrix(name, 1, cols, TensorType.F32);
  }

  private Graph layer(TensorType qk, TensorType v) {
    Value x = b.embed(matrix("embed", 100, WIDTH, TensorType.Q8_0));
    b.layer(0, x);
    Value h = b.rmsNorm("attn_norm", x, vector("g", WIDTH), 1e-5f);
    Value q = b.linear("q", h, matrix("q", 64, WIDTH, qk), Optional.of(vector("bias", 64)));
    q = b.rope("q_rope", b.rmsNorm("q_norm", q, vector("qg", HEAD_DIM), 1e-6f), HEAD_DIM, ROTATION);
    Value k = b.linear("k", h, matrix("k", 32, WIDTH, qk));
    k = b.rope("k_rope", b.rmsNorm("k_norm", k, vector("kg", HEAD_DIM), 1e-6f), HEAD_DIM, ROTATION);
    Value vs = b.linear("v", h, matrix("v", 32, WIDTH, v));
    var shape = new AttentionShape(2, 1, HEAD_DIM, 1, new Mask.Causal());
    Value a = b.attention(q, k, vs, shape);
    x = b.add("attn_out", x, b.linear("o", a, matrix("o", WIDTH, 64, qk)));
    Value f = b.rmsNorm("ffn_norm", x, vector("g2", WIDTH), 1e-5f);
    Value gate = b.linear("gate", f, matrix("gate", 128, WIDTH, qk));
    Value up = b.linear("up", f, matrix("up", 128, WIDTH, qk));
    Value act = b.swiGlu(gate, up);
    x = b.add("ffn_out", x, b.linear("down", act, matrix("down", WIDTH, 128, v)));
    b.head();
    Value last = b.rmsNorm("norm", b.selectRows(x), vector("g3", WIDTH), 1e-5f);
    return b.build(last, b.linear("output", last, matrix("out", 100, WIDTH, TensorType.Q8_0)));
  }

  private static List<String> kinds(List<Node> nodes) {
    return nodes.stream()
        .map(n -> n instanceof Node.Single(var op) ? op : n)
        .map(n -> n.getClass().getSimpleName())
        .toList();
  }

  @Test
  void aLayerIsSevenNodes() {
    List<Node> nodes = Lowering.lower(layer(TensorType.Q8_0, TensorType.Q8_0));
    assertEquals(
        List.of(
            "Embed",
            "Norm",
            "Linear", // q, k and v
            "StoreKv",
            "Attend",
            "Linear", // o and the residual
            "Norm",
            "GateUp", // rounds, too
            "Linear", // down and the residual
            "SelectRows",
            "Norm",
            "Linear"),
        kinds(nodes));
    var qkv = assertInstanceOf(Node.Linear.class, nodes.get(2));
    assertEquals(List.of("q", "k", "v"), qkv.weights().stream().map(Weight::name).toList());
    assertEquals(
        List.of(true, false, false), qkv.biases().stream().map(Optional::isPresent).toList());
    var store = assertInstanceOf(Node.StoreKv.class, nodes.get(3));
    assertEquals(new Node.Slice(qkv.out(), 64), store.k());
    assertEquals(Optional.of(new Node.Slice(qkv.out(), 96)), store.v());
    assertEquals(1e-6f, store.eps());
  }

  @Test
  void whatNobodyReadsAsF32IsNotWritten() {
    List<Node> nodes = Lowering.lower(layer(TensorType.Q8_0, TensorType.Q8_0));
    var attentionNorm = assertInstanceOf(Node.Norm.class, nodes.get(1));
    assertTrue(attentionNorm.out().dense().isEmpty());
    assertTrue(attentionNorm.out().rounded().isPresent());
    var last = assertInstanceOf(Node.Norm.class, nodes.get(10));
    assertTrue(last.out().dense().isPresent(), "rows may ask for the hidden state");
  }

  @Test
  void aProductOfAnotherFormatStandsAlone() {
    List<Node> nodes = Lowering.lower(layer(TensorType.Q8_0, TensorType.F16));
    var qk = assertInstanceOf(Node.Linear.class, nodes.get(2));
    assertEquals(2, qk.weights().size());
    var v = assertInstanceOf(Node.Linear.class, nodes.get(3));
    assertEquals("v", v.weights().getFirst().name());
    var norm = assertInstanceOf(Node.Norm.class, nodes.get(1));
    assertEquals(norm.out().dense(), Optional.of(v.x()));
  }

  @Test
  void valuesThatLiveTogetherLieApart() {
    Graph graph = layer(TensorType.Q8_0, TensorType.Q4_0);
    List<Node> nodes = Lowering.lower(graph);
    Places places = Places.of(graph, nodes, LIMITS);
    var live = new ArrayList<Value>();
    for (int i = 0; i < nodes.size(); i++) {
      for (Value out : nodes.get(i).outs()) {
        for (Value other : live) {
          assertTrue(apart(places, out, other), out + " lies on " + other);
        }
      }
      live.addAll(nodes.get(i).outs());
      int next = i + 1;
      live.removeIf(v -> !isNeeded(v, nodes, next, graph));
    }
  }

  private static Stack stack(String name, int rows, int cols) {
    return new Stack(matrix(name, 8 * rows, cols, TensorType.Q8_0), 8, Optional.empty());
  }

  @Test
  void expertsAddTheResidualToTheirSum() {
    Value x = b.embed(matrix("embed", 100, WIDTH, TensorType.Q8_0));
    Value h = b.rmsNorm("ffn_norm", x, vector("g", WIDTH), 1e-5f);
    Value logits = b.linear("router", h, matrix("router", 8, WIDTH, TensorType.F32));
    var routing = new ExpertOp.Routing(ExpertOp.Scoring.SOFTMAX, 2, true, 1, 1, 1);
    Value y =
        b.experts(
            h,
            b.route(logits, Optional.empty(), routing),
            Optional.of(stack("gate", 32, WIDTH)),
            stack("up", 32, WIDTH),
            stack("down", WIDTH, 32),
            new Gating.By(Activation.SILU),
            false);
    Value sum = b.selectRows(b.add("ffn_out", x, y));
    List<Node> nodes = Lowering.lower(b.build(sum, sum));
    assertEquals(
        List.of("Embed", "Norm", "Linear", "Route", "Experts", "SelectRows"), kinds(nodes));
    var experts = assertInstanceOf(GroupNode.Experts.class, nodes.get(4));
    assertEquals(Optional.of(x), experts.residual());
    assertTrue(experts.isPair());
    // The router reads f32, and gate and up what the norm has rounded for them.
    var norm = assertInstanceOf(Node.Norm.class, nodes.get(1));
    assertEquals(norm.out().rounded(), Optional.of(experts.upX()));
    assertTrue(norm.out().dense().isPresent());
    assertEquals(2L * 3 * 32 * WIDTH * 34 / 32, experts.bytesOfToken());
  }

  @Test
  void queriesThatNeedNothingAreReadWhereTheyAre() {
    Value q = b.embed(matrix("q", 100, 3 * 72, TensorType.F32));
    Value latent = b.embed(matrix("k", 100, 72, TensorType.F32));
    var shape = new AttentionShape(3, 1, 72, 64, 1, Optional.empty(), new Mask.Causal(), true);
    Value rows = b.selectRows(b.latentAttention(q, latent, shape));
    List<Node> nodes = Lowering.lower(b.build(rows, rows));
    assertEquals(List.of("Embed", "Embed", "StoreKv", "Attend", "SelectRows"), kinds(nodes));
    assertEquals(List.of(), nodes.get(2).outs());
    assertEquals(List.of(q), nodes.get(3).inputs());
  }

  private static boolean isNeeded(Value v, List<Node> nodes, int from, Graph graph) {
    return graph.end().results().contains(v)
        || nodes.stream().skip(from).anyMatch(n -> n.inputs().contains(v));
  }

  private static boolean apart(Places places, Value a, Value b) {
    return end(places, a) <= places.offset(b) || end(places, b) <= places.offset(a);
  }

  private static long end(Places places, Value v) {
    return places.offset(v) + 4L * Places.rows(places.isPerRow(v), LIMITS) * v.width();
  }
}
