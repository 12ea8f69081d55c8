package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmUpTest {
  private static final long PLENTY = Long.MAX_VALUE / 4;

  private static Footprint footprint() {
    var data = MemorySegment.ofArray(new byte[4 * 8 * 8]);
    var table = new Weight("table", 8, 8, TensorType.F32, data);
    var b = new GraphBuilder();
    Value x = b.embed(table);
    b.head();
    Value last = b.selectRows(x);
    Graph graph = b.build(last, b.linear("output", last, table));
    var limits = new Limits(32, 32, 1, 1, 1, KvType.F16, Activations.AUTO, PLENTY);
    return Footprint.of(graph, limits, new JavaKernels(WarmUp.Mode.ADAPTIVE, Activations.AUTO));
  }

  @Test
  void vectorsTakeOverWhenPlainJavaHasSpentItsBudget() throws InterruptedException {
    try (var warmUp = new WarmUp(footprint(), WarmUp.Mode.ADAPTIVE)) {
      warmUp.worked(1000);
      assertTrue(warmUp.plain());
      warmUp.worked(PLENTY);
      while (warmUp.plain()) {
        Thread.sleep(10);
      }
    }
  }

  @Test
  void closingDoesNotWaitForTheEndAndLeavesNoThread() {
    int before = Thread.activeCount();
    var warmUp = new WarmUp(footprint(), WarmUp.Mode.ADAPTIVE);
    warmUp.worked(PLENTY);
    warmUp.close();
    assertEquals(before, Thread.activeCount());
    var closed = new WarmUp(footprint(), WarmUp.Mode.ADAPTIVE);
    closed.close();
    closed.worked(PLENTY);
    assertEquals(before, Thread.activeCount());
  }

  @Test
  void aFixedFormNeverChanges() {
    try (var plain = new WarmUp(footprint(), WarmUp.Mode.PLAIN);
        var vectors = new WarmUp(footprint(), WarmUp.Mode.VECTORS)) {
      plain.worked(1L << 60);
      assertTrue(plain.plain());
      assertFalse(vectors.plain());
    }
  }
}
