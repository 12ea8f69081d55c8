package io.solebox.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ranks have of a graph, and of its weights. */
class TensorCutTest {
  private static final int WIDTH = 64;

  private static Weight weight(String name, int rows, int cols, TensorType type) {
    byte[] bytes = new byte[Math.toIntExact(type.bytes(cols) * rows)];
    new Random(name.hashCode()).nextBytes(bytes);
    return new Weight(name, rows, cols, type, MemorySegment.ofArray(bytes));
  }

  private static Weight weight(String name, int rows, int cols) {
    return weight(name, rows, cols, TensorType.F32);
  }

  /** One layer with a shared expert beside others; its biases are on outputs as well. */
  private static Graph graph(int heads, int kvHeads, int ffn, TensorType down) {
    int dim = 32;
    var g = new GraphBuilder();
    Value x = g.embed(weight("table", 10, WIDTH));
    g.layer(0, x);
    Value q = g.linear("q", x, weight("q", heads * dim, WIDTH));
    Value k = g.linear("k", x, weight("k", kvHeads * dim, WIDTH));
    Value v = g.linear("v", x, weight("v", kvHeads * dim, WIDTH));
    var shape = new AttentionShape(heads, kvHeads, dim, 1, new Mask.Causal());
    Value a = g.attention(q, k, v, shape);
    Optional<Weight> bias = Optional.of(weight("o.bias", 1, WIDTH));
    x = g.add("attn", x, g.linear("o", a, weight("o", WIDTH, heads * dim), bias));
    Value route =
        g.route(
            g.linear("router", x, weight("router", 4, WIDTH)),
            Optional.empty(),
            new ExpertOp.Routing(ExpertOp.Scoring.SOFTMAX, 2, true, 1, 1, 1));
    var both = weight("gate_up", 4 * 2 * 32, WIDTH);
    Value some =
        g.experts(
            x,
            route,
            Optional.of(new ExpertOp.Stack(both, 4, 0, 32, Optional.empty())),
            new ExpertOp.Stack(both, 4, 32, 32, Optional.empty()),
            new ExpertOp.Stack(weight("downs", 4 * WIDTH, 32), 4, Optional.empty()),
            new Gating.By(Activation.SILU),
            false);
    Value act =
        g.swiGlu(
            g.linear("gate", x, weight("gate", ffn, WIDTH)),
            g.linear("up", x, weight("up", ffn, WIDTH)));
    Value shared = g.linear("down", act, weight("down", WIDTH, ffn, down));
    x = g.add("ffn", x, g.add("both", some, shared));
    g.head();
    Value rows = g.selectRows(x);
    return g.build(rows, g.linear("logits", rows, weight("head", 10, WIDTH)));
  }

  private static <O extends Op> List<O> ops(Graph graph, Class<O> kind) {
    return graph.ops().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Op.Linear linear(Graph graph, String weight) {
    return ops(graph, Op.Linear.class).stream()
        .filter(l -> l.weight().name().equals(weight))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void headsAndColumnsAreDealtOutAndSumsAddedUpTwiceALayer() {
    List<Graph> ranks = TensorCut.ranks(graph(4, 2, 192, TensorType.Q8_0), 2);
    for (Graph rank : ranks) {
      assertEquals(2, ops(rank, Op.AllReduce.class).size(), "experts share that of the network");
      Op.Attention attention = ops(rank, Op.Attention.class).getFirst();
      assertEquals(2, attention.numHeads());
      assertEquals(1, attention.numKvHeads());
      assertEquals(32, attention.keep().keyWidth());
      assertEquals(96, linear(rank, "gate").weight().rows());
      assertEquals(96, linear(rank, "down").weight().cols());
    }
    assertTrue(linear(ranks.get(0), "o").bias().isPresent());
    assertTrue(linear(ranks.get(1), "o").bias().isEmpty(), "a bias is in the sum once");
    assertTrue(ranks.get(0).logits().isPresent());
    assertEquals(new Graph.End.Elsewhere(), ranks.get(1).end());
    assertTrue(ranks.get(1).ops().getLast() instanceof Op.AllReduce, "the rest is of the first");
  }

  /** 5 blocks over 2 and 3 devices; fewer key/value heads than devices. */
  @Test
  void whatDoesNotDivideEvenlyIsDealtOutInWholeBlocksAndHeadsAreShared() {
    List<Graph> two = TensorCut.ranks(graph(4, 2, 160, TensorType.Q8_0), 2);
    assertEquals(64, linear(two.get(0), "down").weight().cols());
    assertEquals(96, linear(two.get(1), "down").weight().cols());
    List<Graph> four = TensorCut.ranks(graph(4, 2, 160, TensorType.Q8_0), 4);
    for (int rank = 0; rank < 4; rank++) {
      Op.Attention attention = ops(four.get(rank), Op.Attention.class).getFirst();
      assertEquals(1, attention.numHeads());
      assertEquals(1, attention.numKvHeads());
      Weight whole = weight("k", 64, WIDTH);
      assertArrayEquals(
          floats(whole.rows(rank / 2 * 32, 32)), floats(linear(four.get(rank), "k").weight()));
    }
  }

  @Test
  void shapesThatDoNotDivideAreRefusedWithTheCountsThatDo() {
    Graph graph = graph(4, 2, 160, TensorType.Q8_0);
    var refusal = assertThrows(SoleboxException.class, () -> TensorCut.ranks(graph, 3));
    assertTrue(refusal.getMessage().contains("4 query heads"), refusal.getMessage());
    assertTrue(refusal.remedy().startsWith("It can be split over 2 or 4 devices."));
    assertEquals(List.of(2, 4), TensorCut.counts(graph, 8));
    Graph one = graph(4, 2, 256, TensorType.Q4_K);
    var blocks = assertThrows(SoleboxException.class, () -> TensorCut.ranks(one, 2));
    assertTrue(blocks.getMessage().contains("too few blocks of 256"), blocks.getMessage());
    assertEquals("Use --split layers.", blocks.remedy());
    assertEquals(List.of(), TensorCut.counts(one, 8));
  }

  @Test
  void whatSumsUpInputsIsNotCut() {
    Graph watched = graph(4, 2, 160, TensorType.Q8_0).watching();
    assertThrows(SoleboxException.class, () -> TensorCut.ranks(watched, 2));
  }

  private static float[] floats(Weight weight) {
    float[] floats = new float[Math.toIntExact(weight.elements())];
    weight.dequantize(floats, 0);
    return floats;
  }

  /** Of a weight in memory, and of one that is made. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "Q8_0", "Q4_K", "Q6_K", "MXFP4"})
  void columnsAreThoseOfEveryRow(TensorType type) {
    int rows = 5;
    int cols = 1024;
    int from = 256;
    int count = 512;
    Weight stored = weight("w", rows, cols, type);
    TensorBytes.RowMaker copy = (row, n, to) -> stored.fileRows(row, n).copyTo(to);
    var made =
        new Weight("made", rows, cols, type, new TensorBytes.Made(copy, type.bytes(cols), rows));
    float[] all = floats(stored);
    for (Weight weight : Stream.of(stored, made).toList()) {
      Weight part = weight.columns(from, count);
      float[] own = floats(part);
      for (int row = 0; row < rows; row++) {
        for (int c = 0; c < count; c++) {
          assertEquals(all[row * cols + from + c], own[row * count + c]);
        }
      }
      MemorySegment two = MemorySegment.ofArray(new byte[Math.toIntExact(2 * part.rowBytes())]);
      part.copyRows(2, 2, two);
      float[] copied = new float[2 * count];
      new Weight("two", 2, count, type, two).dequantize(copied, 0);
      assertArrayEquals(Arrays.copyOfRange(own, 2 * count, 4 * count), copied);
    }
  }

  @Test
  void rowsOfEachExpertAreThoseOfItsOwnMatrix() {
    Weight experts = weight("w", 12, 8, TensorType.F32);
    Weight part = experts.rowsOfEach(4, 1, 2);
    var expected = new ArrayList<Float>();
    for (int row : List.of(1, 2, 5, 6, 9, 10)) {
      for (float f : floats(experts.rows(row, 1))) {
        expected.add(f);
      }
    }
    float[] own = floats(part);
    assertEquals(expected.size(), own.length);
    for (int i = 0; i < own.length; i++) {
      assertEquals(expected.get(i), own[i]);
    }
    MemorySegment three = MemorySegment.ofArray(new byte[3 * 32]);
    part.copyRows(1, 3, three); // from the middle of one to the middle of another
    assertEquals(-1, three.mismatch(MemorySegment.ofArray(copied(experts, 2, 5, 6))));
  }

  private static byte[] copied(Weight weight, int... rows) {
    MemorySegment all = MemorySegment.ofArray(new byte[rows.length * 32]);
    for (int i = 0; i < rows.length; i++) {
      weight.copyRows(rows[i], 1, all.asSlice(i * 32L, 32));
    }
    return (byte[]) all.heapBase().orElseThrow();
  }
}
