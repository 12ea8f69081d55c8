package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Estimates, budgets, progress, cancellation. */
public interface PlanConformance extends BackendUnderTest {
  int CONTEXT = 200;

  private static Limits limits(long kvBlocks, KvType type, long budget) {
    return new Limits(
        CONTEXT, 16, 4, 4, kvBlocks * KvBlocks.TOKENS, type, Activations.AUTO, budget);
  }

  private static Limits limits(long kvBlocks, KvType type) {
    return limits(kvBlocks, type, GraphRunner.PLENTY);
  }

  private static long perBlock(Estimate estimate) {
    return estimate.kvBytesPerBlock().stream().mapToLong(n -> n).sum();
  }

  @Test
  default void describesItself() {
    try (Backend backend = open(2)) {
      assertFalse(backend.describe().isBlank());
    }
  }

  @Test
  default void estimateGrowsWithWhatIsAsked() {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(arena);
      Estimate f32 = backend.estimate(graph, limits(64, KvType.F32));
      Estimate f16 = backend.estimate(graph, limits(64, KvType.F16));
      Estimate q8 = backend.estimate(graph, limits(64, KvType.Q8_0));
      long elements = 2L * 2 * 32 * TinyTransformer.LAYERS * KvBlocks.TOKENS;
      assertTrue(perBlock(f32) >= 4 * elements, "F32 cache: " + f32);
      assertTrue(perBlock(f16) >= 2 * elements, "F16 cache: " + f16);
      assertTrue(perBlock(q8) >= elements * 34 / 32, "Q8_0 cache: " + q8);
      assertTrue(perBlock(f32) >= perBlock(f16), "F16 is no larger");
      assertTrue(perBlock(f16) >= perBlock(q8), "nor is Q8_0");
      var larger =
          new Limits(CONTEXT, 512, 4, 4, 2048, KvType.F16, Activations.AUTO, GraphRunner.PLENTY);
      long scratch = backend.estimate(graph, larger).scratchBytes();
      assertTrue(scratch > f16.scratchBytes(), "larger steps need more scratch");
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void thePoolIsAsWished(KvType type) {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(arena);
      try (Plan plan = backend.prepare(graph, limits(29, type), Progress.none())) {
        // The window of 40 needs no more than four sequences can see: 40 + 16 positions each.
        assertEquals(List.of(29, 12), plan.kvBlocks());
        assertEquals(0, plan.slots());
      }
    }
  }

  @Test
  default void aSmallBudgetGivesASmallerPool() {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(arena);
      Estimate e = backend.estimate(graph, limits(100, KvType.F16));
      long pools = 20 * e.kvBytesPerBlock().get(0) + 12 * e.kvBytesPerBlock().get(1);
      long budget = e.fixedBytes() + pools + 1;
      try (Plan plan = backend.prepare(graph, limits(100, KvType.F16, budget), Progress.none())) {
        assertEquals(List.of(20, 12), plan.kvBlocks());
      }
    }
  }

  @Test
  default void aBudgetBelowOneSequenceIsRefused() {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(arena);
      Estimate e = backend.estimate(graph, limits(100, KvType.F16));
      long needed = KvBlocks.forTokens(CONTEXT) * perBlock(e);
      long budget = e.fixedBytes() + needed - 1;
      for (long bytes : new long[] {budget, 0}) {
        var refusal =
            assertThrows(
                SoleboxException.class,
                () -> backend.prepare(graph, limits(100, KvType.F16, bytes), Progress.none()));
        assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
        assertFalse(refusal.remedy().isBlank(), "a remedy");
      }
    }
  }

  @Test
  default void progressNeverFallsAndEnds() {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(arena);
      var progress = new Recorder(Integer.MAX_VALUE);
      backend.prepare(graph, limits(29, KvType.F16), progress).close();
      assertTrue(progress.reports > 0, "some report");
      assertEquals(1, progress.fraction);
    }
  }

  @Test
  default void preparingCanBeCancelled() {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Graph graph = TinyTransformer.graph(arena);
      for (int after : new int[] {0, 1}) {
        var cancelled =
            assertThrows(
                SoleboxException.class,
                () -> backend.prepare(graph, limits(29, KvType.F16), new Recorder(after)));
        assertEquals(ErrorCode.CANCELLED, cancelled.code());
      }
      // And the backend is none the worse for it.
      backend.prepare(graph, limits(29, KvType.F16), Progress.none()).close();
    }
  }

  /** Checks the order of reports, and cancels after a number of them. */
  final class Recorder implements Progress {
    private final int cancelAfter;
    private int reports;
    private String stage = "";
    private double fraction;

    Recorder(int cancelAfter) {
      this.cancelAfter = cancelAfter;
    }

    @Override
    public void report(String newStage, double newFraction) {
      assertTrue(newFraction >= 0 && newFraction <= 1, "a fraction: " + newFraction);
      assertTrue(!newStage.equals(stage) || newFraction >= fraction, "falling: " + newFraction);
      stage = newStage;
      fraction = newFraction;
      reports++;
    }

    @Override
    public boolean cancelled() {
      return reports >= cancelAfter;
    }
  }
}
