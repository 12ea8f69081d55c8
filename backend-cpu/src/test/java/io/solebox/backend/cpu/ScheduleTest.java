package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What runs between two barriers, seen on the feed-forward part of a decoder. */
class ScheduleTest {
  private static final int WIDTH = 64;
  private static final int FFN = 128;

  private static Weight weight(int rows, int cols, TensorType type) {
    MemorySegment data = Arena.ofAuto().allocate(type.bytes(cols) * rows);
    return new Weight(type.name(), rows, cols, type, data);
  }

  private static Graph graph(TensorType type) {
    var b = new GraphBuilder();
    Value x = b.embed(weight(10, WIDTH, TensorType.F16));
    Weight gain = weight(1, WIDTH, TensorType.F32);
    Value h = b.rmsNorm("norm", x, gain, 1e-5f);
    Value gate = b.linear("gate", h, weight(FFN, WIDTH, type));
    Value up = b.linear("up", h, weight(FFN, WIDTH, type));
    Value down = b.linear("down", b.swiGlu(gate, up), weight(WIDTH, FFN, type));
    Value sum = b.add("sum", x, down);
    b.head();
    Value last = b.rmsNorm("last", b.selectRows(sum), gain, 1e-5f);
    return b.build(last, b.linear("output", last, weight(10, WIDTH, type)));
  }

  private static Footprint footprint(TensorType type) {
    return footprint(graph(type));
  }

  private static Footprint footprint(Graph graph) {
    var limits = new Limits(32, 8, 1, 2, 1, KvType.F16, Activations.AUTO, Long.MAX_VALUE);
    return Footprint.of(graph, limits, new OtherLayout());
  }

  /** Tasks per group, per phase. */
  private static List<List<Integer>> shape(Footprint footprint) {
    return footprint.schedule().phases().stream()
        .map(groups -> groups.stream().map(ScheduleTest::size).toList())
        .toList();
  }

  private static int size(Schedule.Group group) {
    return switch (group) {
      case Schedule.Group.Single _ -> 1;
      case Schedule.Group.Rows rows -> rows.tasks().size();
    };
  }

  @Test
  void rowsGoThroughEmbeddingNormAndConversionInOneGo() {
    List<List<Integer>> expected =
        List.of(
            List.of(3), // embed, norm, to 8 bits
            List.of(1, 1), // gate, up
            List.of(2), // swiglu, to 8 bits
            List.of(1), // down
            List.of(1), // add
            List.of(3), // select, norm, to 8 bits: other rows than those of the sum
            List.of(1), // output
            List.of(1)); // answers
    assertEquals(expected, shape(footprint(TensorType.Q8_0)));
  }

  @Test
  void kernelsThatTakeF32NeedNoConversion() {
    List<List<Integer>> expected =
        List.of(
            List.of(2),
            List.of(1, 1),
            List.of(1),
            List.of(1),
            List.of(1),
            List.of(2),
            List.of(1),
            List.of(1));
    assertEquals(expected, shape(footprint(TensorType.F16)));
  }

  private static Graph attentionGraph() {
    var b = new GraphBuilder();
    Value x = b.embed(weight(10, WIDTH, TensorType.F16));
    b.layer(0, x);
    Value h = b.rmsNorm("norm", x, weight(1, WIDTH, TensorType.F32), 1e-5f);
    var rotation = new Rotation(Rotation.Pairing.HALVES, new float[WIDTH / 4], 1);
    Value q = b.linear("q", h, weight(WIDTH, WIDTH, TensorType.F16));
    Value turnedQ = b.rope("q_rope", q, WIDTH / 2, rotation);
    Value k = b.linear("k", h, weight(WIDTH / 2, WIDTH, TensorType.F16));
    Value turnedK = b.rope("k_rope", k, WIDTH / 2, rotation);
    Value v = b.linear("v", h, weight(WIDTH / 2, WIDTH, TensorType.F16));
    var shape = new AttentionShape(2, 1, WIDTH / 2, 1, new Mask.Causal());
    Value sum = b.add("sum", x, b.attention(turnedQ, turnedK, v, shape));
    b.head();
    Value last = b.selectRows(sum);
    return b.build(last, b.linear("output", last, weight(10, WIDTH, TensorType.F16)));
  }

  @Test
  void projectionsShareAPhaseWhateverStandsBetweenThem() {
    List<List<Integer>> expected =
        List.of(
            List.of(1, 2), // table of sines; embed and norm
            List.of(1, 1, 1), // q, k, v
            List.of(1, 2), // rope of q; rope of k and storing
            List.of(1), // attention
            List.of(1), // add
            List.of(1), // select
            List.of(1), // output
            List.of(1)); // answers
    assertEquals(expected, shape(footprint(attentionGraph())));
  }

  /** Places of slots that live at the same time do not overlap. */
  @Test
  void memoryIsReusedOnlyWhenItsReadersAreDone() {
    Footprint f = footprint(TensorType.Q8_0);
    List<Task> tasks = f.program().tasks();
    for (int i = 0; i < tasks.size(); i++) {
      for (int j = 0; j < i; j++) {
        int first = f.schedule().order().get(j);
        int second = f.schedule().order().get(i);
        Slot early = tasks.get(first).out();
        Slot late = tasks.get(second).out();
        if (f.schedule().lastRead()[early.id()] >= f.schedule().phaseOf()[second]) {
          assertTrue(apart(f, early, late), early + " and " + late);
        }
      }
    }
  }

  private static boolean apart(Footprint f, Slot a, Slot b) {
    return end(f, a) <= f.buffers().offsets()[b.id()] || end(f, b) <= f.buffers().offsets()[a.id()];
  }

  private static long end(Footprint f, Slot slot) {
    long bytes = slot.rowBytes() * slot.domain().most(f.limits(), KeptRows.one(1));
    return f.buffers().offsets()[slot.id()] + bytes;
  }

  @Test
  void theEstimateCountsConvertedActivationsAndRepackedWeights() {
    var limits = new Limits(32, 1000, 1, 2, 1, KvType.F16, Activations.AUTO, Long.MAX_VALUE);
    Graph graph = graph(TensorType.Q8_0);
    var exact =
        Footprint.of(graph, limits, new JavaKernels(WarmUp.Mode.PLAIN, Activations.F32))
            .estimate(1);
    var rounded = Footprint.of(graph, limits, new OtherLayout()).estimate(1);
    // 10 rows are 3 groups of 4.
    long matrices = 2 * (FFN * 68L) + WIDTH * 136L + 12 * 68L;
    // Matrices begin on cache lines.
    long repacked = rounded.weightBytes() - exact.weightBytes();
    assertTrue(repacked >= matrices && repacked < matrices + 4 * 64, "repacked: " + repacked);
    long blocks = 1000L * FFN / 32 * 48;
    long widest = 1000L * Float.BYTES * (3 * FFN + WIDTH);
    assertTrue(rounded.scratchBytes() >= widest + blocks, "scratch: " + rounded.scratchBytes());
  }

  /** Of the C kernels; a long context for many sequences makes them megabytes. */
  @Test
  void theEstimateCountsBlockTables() {
    Kernels kernels = CpuBackend.kernels(KernelChoice.of(Optional.empty()));
    assumeTrue(kernels instanceof LibraryKernels, "no native kernels here");
    int tokens = 1 << 17;
    long tables =
        NativeBlockTables.bytes(many(tokens, 64), 1) - NativeBlockTables.bytes(many(tokens, 1), 1);
    assertEquals(63L * tokens / KvBlocks.TOKENS * Integer.BYTES, tables);
    Graph graph = attentionGraph();
    long of64 = Footprint.of(graph, many(tokens, 64), kernels).estimate(2).scratchBytes();
    long of1 = Footprint.of(graph, many(tokens, 1), kernels).estimate(2).scratchBytes();
    assertEquals(tables, of64 - of1);
  }

  private static Limits many(int tokens, int sequences) {
    return new Limits(tokens, 64, sequences, 2, 1, KvType.F16, Activations.AUTO, Long.MAX_VALUE);
  }
}
