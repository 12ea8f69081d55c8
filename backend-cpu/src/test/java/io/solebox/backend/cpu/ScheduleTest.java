package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
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
    var limits = new Limits(32, 8, 1, 2, 1, KvType.F16, Activations.AUTO, Long.MAX_VALUE);
    return Footprint.of(graph(type), limits, new OtherLayout());
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

  /** Places of slots that live at the same time do not overlap. */
  @Test
  void memoryIsReusedOnlyWhenItsReadersAreDone() {
    Footprint f = footprint(TensorType.Q8_0);
    List<Task> tasks = f.program().tasks();
    for (int i = 0; i < tasks.size(); i++) {
      for (int j = 0; j < i; j++) {
        Slot early = tasks.get(j).out();
        Slot late = tasks.get(i).out();
        if (f.schedule().lastRead()[early.id()] >= f.schedule().phaseOf()[i]) {
          assertTrue(apart(f, early, late), early + " and " + late);
        }
      }
    }
  }

  private static boolean apart(Footprint f, Slot a, Slot b) {
    return end(f, a) <= f.buffers().offsets()[b.id()] || end(f, b) <= f.buffers().offsets()[a.id()];
  }

  private static long end(Footprint f, Slot slot) {
    long bytes = slot.rowBytes() * slot.domain().most(f.limits(), 0);
    return f.buffers().offsets()[slot.id()] + bytes;
  }

  @Test
  void theEstimateCountsConvertedActivationsAndRepackedWeights() {
    var limits = new Limits(32, 1000, 1, 2, 1, KvType.F16, Activations.AUTO, Long.MAX_VALUE);
    Graph graph = graph(TensorType.Q8_0);
    var exact = Footprint.of(graph, limits, new JavaKernels(WarmUp.Mode.PLAIN)).estimate(1);
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
}
