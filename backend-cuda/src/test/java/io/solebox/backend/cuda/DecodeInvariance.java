package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import io.solebox.testkit.ReferenceModel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that is decoded has the same logits, to the bit, whoever is decoded beside it. */
abstract class DecodeInvariance {
  private static final int POSITIONS = 70; // more than a split, which has 64

  private static final Mask CAUSAL = new Mask.Causal();

  @TempDir Path scratch;

  abstract Backend open();

  @Test
  void neighboursDoNotMatter() {
    var reference = ReferenceModel.bundled("qwen3", scratch);
    try (var file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED);
        Backend backend = open()) {
      check(backend, file.graph(), POSITIONS);
    }
  }

  /** A layer of experts, of latents with a matrix per head, and of a state. */
  @Test
  void neighboursDoNotMatterToExpertsLatentsAndStates() {
    try (Arena arena = Arena.ofShared();
        Backend backend = open()) {
      check(backend, otherLayers(new RandomTensors(arena, new SplittableRandom(5))), 66);
    }
  }

  private static Graph otherLayers(RandomTensors random) {
    int width = 64;
    var b = new GraphBuilder();
    Value x = b.embed(random.gaussian("embed", 96, width, 1));
    Value logits = b.linear("router", x, random.gaussian("router", 8, width, 0.3));
    var routing = new ExpertOp.Routing(ExpertOp.Scoring.SIGMOID, 3, true, 1, 1, 1);
    Value experts =
        b.experts(
            x,
            b.route(logits, Optional.empty(), routing),
            Optional.of(stack(random, "gate", 32, width)),
            stack(random, "up", 32, width),
            stack(random, "down", width, 32),
            new Gating.By(Activation.SILU),
            false);
    x = b.add("experts", x, experts);
    var shape = new AttentionShape(2, 1, 96, 64, 0.1f, Optional.empty(), CAUSAL, true);
    Value q = b.linear("q", x, random.weight("q", 2 * 96, width, TensorType.Q8_0, 0.1));
    Value latent = b.linear("k", x, random.weight("k", 96, width, TensorType.Q8_0, 0.1));
    Value heads = b.latentAttention(q, latent, shape);
    Weight perHead = random.weight("v", width, 64, TensorType.Q8_0, 0.1);
    x = b.add("latents", x, b.headLinear("v", heads, perHead, 2));
    Value in = b.linear("in", x, random.gaussian("in", 32, width, 0.1));
    Value dt = b.linear("dt", x, random.gaussian("dt", 4, width, 0.1));
    Weight four = random.gaussian("four", 1, 4, 0.5);
    Weight rate = Weight.of("rate", new float[] {-0.1f, -0.5f, -1, -2});
    Value state = b.selectiveScan(x, in, in, dt, four, rate, four, 32);
    Value rows = b.selectRows(b.add("state", x, state));
    return b.build(rows, b.linear("output", rows, random.gaussian("output", 96, width, 0.1)));
  }

  private static Stack stack(RandomTensors random, String name, int rows, int cols) {
    Weight weight = random.weight(name, 8 * rows, cols, TensorType.Q8_0, 0.1);
    return new Stack(weight, 8, Optional.empty());
  }

  private static void check(Backend backend, Graph graph, int positions) {
    float[][] alone = new float[positions][];
    try (var steps = new PlanSteps(backend, graph)) {
      for (int p = 0; p < positions; p++) {
        alone[p] = steps.logits(new int[] {0}, p, 1)[0];
        assertTrue(Float.isFinite(alone[p][0]), "position " + p);
      }
    }
    try (var steps = new PlanSteps(backend, graph)) {
      for (int p = 0; p < positions; p++) {
        // States know every token of their sequence, so that all take part in all steps.
        int batch = graph.hasSlots() ? PlanSteps.SEQUENCES : 1 + p % PlanSteps.SEQUENCES;
        int[] sequences = IntStream.range(0, batch).toArray();
        // The others may be anywhere; here all are at the same position.
        float[][] rows = steps.logits(sequences, p, 1);
        assertArrayEquals(alone[p], rows[0], "position " + p + ", batch of " + batch);
      }
    }
  }
}
