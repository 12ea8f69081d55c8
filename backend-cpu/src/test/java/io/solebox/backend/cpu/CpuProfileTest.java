package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A profile counts the weights that a token reads, and not those that are there. */
@ExtendWith(KernelsOfThisMachine.class)
class CpuProfileTest {
  private static final int WIDTH = 64;
  private static final int INNER = 32;
  private static final int EXPERTS = 8;
  private static final TensorType TYPE = TensorType.F16;
  private static final Limits LIMITS =
      new Limits(32, 1, 1, 1, 32, KvType.F32, Activations.AUTO, 1L << 30);

  private static Weight weight(String name, int rows, int cols) {
    MemorySegment data = Arena.ofAuto().allocate(TYPE.bytes(cols) * rows, 64);
    return new Weight(name, rows, cols, TYPE, data);
  }

  private static Optional<Stack> stack(String name, int rows, int cols) {
    return Optional.of(new Stack(weight(name, EXPERTS * rows, cols), EXPERTS, Optional.empty()));
  }

  /** One token, which takes experts 3 and 5. */
  private static Graph experts() {
    var b = new GraphBuilder();
    Value x = b.embed(weight("x", 1, WIDTH));
    Value routing = b.embed(Weight.of("routing", new float[] {3, 0.5f, 5, 0.5f}));
    Value y =
        b.experts(
            x,
            routing,
            stack("gate", INNER, WIDTH),
            stack("up", INNER, WIDTH).orElseThrow(),
            stack("down", WIDTH, INNER).orElseThrow(),
            new Gating.By(Activation.SILU),
            false);
    Value rows = b.selectRows(y);
    return b.build(rows, rows);
  }

  /** A matrix per head, and all heads for every token. */
  private static Graph heads() {
    var b = new GraphBuilder();
    Value x = b.embed(weight("x", 1, EXPERTS * WIDTH));
    Value rows = b.selectRows(b.headLinear("y", x, weight("w", EXPERTS * INNER, WIDTH), EXPERTS));
    return b.build(rows, rows);
  }

  private static long bytes(Graph graph, int width) {
    try (Arena arena = Arena.ofConfined();
        Backend backend = new CpuBackend(1);
        Plan plan = backend.prepare(graph, LIMITS, Progress.none())) {
      var outputs = new Outputs(arena, 1, width, width);
      var batch =
          new Batch(
              new int[] {0},
              new int[] {0},
              new int[] {0},
              List.of(new Batch.Sequence(new int[graph.groups().size()][1], 0)),
              List.of(new RowRequest.Argmax(0, LogitEdit.NONE)),
              new Batch.Input.Tokens());
      outputs.begin();
      return plan.profile(batch, outputs).orElseThrow().phases().stream()
          .mapToLong(StepProfile.Phase::bytes)
          .sum();
    }
  }

  @Test
  void expertsCountThatTheTokenTakes() {
    assertEquals(2 * 3 * INNER * TYPE.bytes(WIDTH), bytes(experts(), WIDTH));
  }

  @Test
  void headsCountAll() {
    assertEquals(EXPERTS * INNER * TYPE.bytes(WIDTH), bytes(heads(), EXPERTS * INNER));
  }
}
