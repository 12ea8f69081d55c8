package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.SplitBackend;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A model of which one device has the last layers, and another the rest. */
class SplitBackendTest {
  private static final int TOKENS = 20;
  private static final Limits LIMITS = GraphRunner.limits(TOKENS, TOKENS, 1, KvType.F32);

  private static float[][] logits(Backend backend, Graph graph) {
    int[] ids = IntStream.range(0, TOKENS).toArray();
    try (var runner = new GraphRunner(backend, graph, LIMITS, TinyTransformer.VOCAB)) {
      return runner.logits(new Piece(ids, 0, new int[] {0}));
    }
  }

  private static Backend split(int lastLayers) {
    return new SplitBackend(
        Backends.open("reference", 1), 1L << 30, Backends.open("reference", 1), lastLayers);
  }

  @Test
  void anyNumberOfLayersGivesTheSame() {
    try (Arena arena = Arena.ofShared();
        Backend whole = Backends.open("reference", 1)) {
      Graph graph = TinyTransformer.graph(arena);
      float[][] expected = logits(whole, graph);
      for (int layers = 0; layers <= TinyTransformer.LAYERS + 1; layers++) {
        try (Backend backend = split(layers)) {
          float[][] actual = logits(backend, graph);
          for (int t = 0; t < TOKENS; t++) {
            assertArrayEquals(expected[t], actual[t], layers + " layers, token " + t);
          }
          assertEquals(
              whole.estimate(graph, LIMITS).kvBytesPerBlock(),
              backend.estimate(graph, LIMITS).kvBytesPerBlock());
        }
      }
    }
  }

  @Test
  void eachDeviceHasItsOwnBudget() {
    try (Arena arena = Arena.ofShared();
        Backend backend =
            new SplitBackend(Backends.open("reference", 1), 0, Backends.open("reference", 1), 2)) {
      Graph graph = TinyTransformer.graph(arena);
      var refusal = assertThrows(SoleboxException.class, () -> logits(backend, graph));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
    }
  }
}
