package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.StagedPlan;
import io.solebox.engine.graph.Graph;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole steps of a small decoder: mixed, repeated, cut in stages, from several threads. */
public interface StepConformance extends BackendUnderTest {
  int LENGTH = 90;

  // Where the steps of a sequence end. Blocks have 32 tokens, the window of layer 1 has 40.
  List<Integer> WHOLE = List.of(LENGTH);
  List<Integer> CHUNKS = List.of(13, 45, LENGTH);
  List<Integer> ONES_FROM_THE_START = List.of(1, 2, 3, 30, 31, 32, 33, 34);
  List<Integer> ONES_LATE = List.of(60, 61, 62, 63, 64, 65, 66, 67);
  List<Integer> A_CHUNK_AND_ONES = List.of(31, 32, 33, 34, 42);

  private static int[] ids(int seed) {
    return IntStream.range(0, LENGTH).map(i -> (i * 31 + seed) % TinyTransformer.VOCAB).toArray();
  }

  private static int[] table(int sequence) {
    return new int[] {sequence + 6, sequence + 3, sequence};
  }

  /** Logits of a sequence in steps beside {@code neighbours} others. */
  private static float[][] logits(
      Backend backend, Graph graph, List<Integer> ends, int neighbours) {
    var limits = GraphRunner.limits(LENGTH * 3, LENGTH, 3, KvType.F16);
    try (var runner = new GraphRunner(backend, graph, limits, TinyTransformer.VOCAB)) {
      return logits(runner, ends, neighbours);
    }
  }

  private static float[][] logits(GraphRunner runner, List<Integer> ends, int neighbours) {
    float[][] out = new float[ends.getLast()][];
    int at = 0;
    for (int to : ends) {
      List<Piece> pieces = new ArrayList<>();
      pieces.add(Piece.of(ids(1), at, to, table(0)));
      for (int s = 1; s <= neighbours; s++) {
        pieces.add(Piece.of(ids(100 * s), at, to, table(s)));
      }
      float[][] rows = runner.logits(pieces.toArray(Piece[]::new));
      System.arraycopy(rows, 0, out, at, to - at);
      at = to;
    }
    return out;
  }

  private void assertSame(String what, float[][] expected, float[][] actual) {
    for (int t = 0; t < actual.length; t++) {
      float[] row = expected[t];
      if (batchInvariant()) {
        assertArrayEquals(expected[t], actual[t], what + ", token " + t);
      } else {
        double[] truth = new double[expected[t].length];
        Arrays.setAll(truth, i -> row[i]);
        Truth.assertClose(what + ", token " + t, truth, actual[t], stepTolerance());
      }
    }
  }

  @Test
  default void chunksNeighboursAndThreadsDoNotMatter() {
    try (Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(arena);
      float[][] whole;
      try (Backend backend = open(1)) {
        whole = logits(backend, graph, WHOLE, 0);
      }
      for (int threads : threadCounts()) {
        try (Backend backend = open(threads)) {
          String what = threads + " threads, ";
          assertSame(what + "decode", whole, logits(backend, graph, ONES_LATE, 0));
          assertSame(what + "chunks", whole, logits(backend, graph, CHUNKS, 2));
          assertSame(
              what + "decode of three", whole, logits(backend, graph, ONES_FROM_THE_START, 2));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  default void aCutGraphGivesWhatTheWholeGives(int layer) {
    try (Arena arena = Arena.ofShared();
        Backend backend = open(2)) {
      Graph graph = TinyTransformer.graph(arena);
      var stages = graph.cutBefore(layer);
      var limits = GraphRunner.limits(LENGTH * 3, LENGTH, 3, KvType.F16);
      var plan =
          new StagedPlan(
              List.of(
                  backend.prepare(stages.first(), limits, Progress.none()),
                  backend.prepare(stages.second(), limits, Progress.none())),
              graph,
              LENGTH,
              13);
      try (var runner = new GraphRunner(plan, graph, limits, TinyTransformer.VOCAB)) {
        float[][] whole = logits(backend, graph, A_CHUNK_AND_ONES, 0);
        assertSame("cut before " + layer, whole, logits(runner, A_CHUNK_AND_ONES, 0));
      }
    }
  }

  /** Several engine loops share a backend. */
  @Test
  @Timeout(120)
  default void plansOfOneBackendRunFromSeveralThreads() throws Exception {
    try (Arena arena = Arena.ofShared();
        Backend backend = open(2);
        var loops = Executors.newFixedThreadPool(3)) {
      Graph graph = TinyTransformer.graph(arena);
      float[][] expected = logits(backend, graph, A_CHUNK_AND_ONES, 0);
      List<Future<float[][]>> results = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Callable<float[][]> loop = () -> logits(backend, graph, A_CHUNK_AND_ONES, 0);
        results.add(loops.submit(loop));
      }
      for (var result : results) {
        assertSame("beside two other loops", expected, result.get(60, TimeUnit.SECONDS));
      }
    }
  }

  /** Blocks hold no trace of the sequence that had them before. */
  @Test
  default void aReusedPoolGivesTheSame() {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    try (Arena arena = Arena.ofShared();
        Backend backend = open(2)) {
      Graph graph = TinyTransformer.graph(arena);
      var limits = GraphRunner.limits(LENGTH * 3, LENGTH, 3, KvType.F16);
      try (var runner = new GraphRunner(backend, graph, limits, TinyTransformer.VOCAB)) {
        float[][] first = logits(runner, CHUNKS, 0);
        runner.logits(new Piece(ids(77), 0, table(0)));
        assertEquals(LENGTH, first.length);
        assertSame("the pool again", first, logits(runner, CHUNKS, 0));
      }
    }
  }
}
