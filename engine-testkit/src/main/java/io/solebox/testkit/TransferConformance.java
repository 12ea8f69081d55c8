package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sequences keep, out of a plan and into it again, at other places. */
public interface TransferConformance extends BackendUnderTest {
  int WIDTH = 64;
  int TOKENS = 70;

  /** Attention that sees all and that sees a window, and recurrent state. */
  private static Graph graph(Arena arena) {
    var random = new RandomTensors(arena, new SplittableRandom(3));
    Weight table = TokenTables.table(arena, "x", WIDTH);
    var b = new GraphBuilder();
    Weight kernel = random.gaussian("kernel", WIDTH, 4, 1);
    Value x = b.shortConv("conv", b.embed(table), kernel, Optional.empty());
    float scale = (float) (1 / Math.sqrt(32));
    Value wide = b.attention(x, x, x, new AttentionShape(2, 2, 32, scale, new Mask.Causal()));
    var window = new AttentionShape(2, 2, 32, scale, new Mask.SlidingWindow(50));
    Value narrow = b.attention(wide, x, x, window);
    Value rows = b.selectRows(b.add("sum", wide, narrow));
    return b.build(rows, rows);
  }

  private static Map<KeptPlace, MemorySegment> taken(
      Plan plan, Arena arena, int[] blocks, int slot) {
    var taken = new LinkedHashMap<KeptPlace, MemorySegment>();
    for (int group = 0; group < plan.kvBlocks().size(); group++) {
      for (int block : blocks) {
        taken.put(new KeptPlace.Block(group, block), MemorySegment.NULL);
      }
    }
    taken.put(new KeptPlace.Slot(slot), MemorySegment.NULL);
    taken.replaceAll((place, _) -> arena.allocate(plan.bytes(place)));
    taken.forEach(plan::read);
    return taken;
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void whatWasTakenOutGoesOnElsewhereToTheBit(KvType type) {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Graph graph = graph(arena);
      Limits limits = GraphRunner.limits(TOKENS, 128, 3, type);
      try (var runner = new GraphRunner(backend, graph, limits, WIDTH)) {
        Plan plan = runner.plan();
        int[] ids = TokenTables.ids(TOKENS + 20, 1);
        int[] old = {2, 0, 4};
        runner.logits(Piece.of(ids, 0, TOKENS, old, 1));
        Map<KeptPlace, MemorySegment> taken = taken(plan, arena, old, 1);
        float[][] expected = runner.logits(Piece.of(ids, TOKENS, TOKENS + 20, old, 1));

        int[] others = TokenTables.ids(TOKENS, 2);
        runner.logits(Piece.of(others, 0, TOKENS, old, 1));
        float[][] undisturbed = runner.logits(Piece.of(others, 0, TOKENS, new int[] {5, 6, 1}, 2));
        int[] anew = {3, 4, 2};
        taken.forEach((place, bytes) -> plan.write(moved(place, old, anew), bytes));
        float[][] actual = runner.logits(Piece.of(ids, TOKENS, TOKENS + 20, anew, 0));
        for (int t = 0; t < actual.length; t++) {
          assertArrayEquals(expected[t], actual[t], "token " + t);
        }
        float[][] same = runner.logits(Piece.of(others, 0, TOKENS, new int[] {5, 6, 1}, 2));
        assertArrayEquals(undisturbed[TOKENS - 1], same[TOKENS - 1], "another sequence");
      }
    }
  }

  private static KeptPlace moved(KeptPlace place, int[] from, int[] to) {
    return switch (place) {
      case KeptPlace.Block(int group, int block) -> {
        int index = 0;
        while (from[index] != block) {
          index++;
        }
        yield new KeptPlace.Block(group, to[index]);
      }
      case KeptPlace.Slot _ -> new KeptPlace.Slot(0);
    };
  }

  /** What is written is what is read, whatever it means, and what is estimated is its size. */
  @Test
  default void bytesComeBackAsTheyWere() {
    try (Backend backend = open(1);
        Arena arena = Arena.ofShared()) {
      Graph graph = graph(arena);
      Limits limits = GraphRunner.limits(8, 64, 1, KvType.F16);
      var estimate = backend.estimate(graph, limits);
      try (var runner = new GraphRunner(backend, graph, limits, WIDTH)) {
        Plan plan = runner.plan();
        var random = new SplittableRandom(5);
        for (KeptPlace place :
            new KeptPlace[] {
              new KeptPlace.Block(0, 1), new KeptPlace.Block(1, 0), new KeptPlace.Slot(0)
            }) {
          long bytes = plan.bytes(place);
          switch (place) {
            case KeptPlace.Block(int group, _) ->
                assertEquals(estimate.kvBytesPerBlock().get(group), bytes);
            case KeptPlace.Slot _ -> assertTrue(bytes > 0 && bytes <= estimate.sequenceBytes());
          }
          byte[] content = new byte[(int) bytes];
          random.nextBytes(content);
          plan.write(place, arena.allocate(bytes).copyFrom(MemorySegment.ofArray(content)));
          MemorySegment back = arena.allocate(bytes);
          plan.read(place, back);
          assertArrayEquals(content, back.toArray(ValueLayout.JAVA_BYTE));
        }
      }
    }
  }

  @Test
  default void placesThatAreNotThereAreRefused() {
    try (Backend backend = open(1);
        Arena arena = Arena.ofShared()) {
      Graph graph = graph(arena);
      Limits limits = GraphRunner.limits(8, 64, 1, KvType.F16);
      try (var runner = new GraphRunner(backend, graph, limits, WIDTH)) {
        Plan plan = runner.plan();
        int blocks = plan.kvBlocks().getFirst();
        MemorySegment block = arena.allocate(plan.bytes(new KeptPlace.Block(0, 0)));
        MemorySegment slot = arena.allocate(plan.bytes(new KeptPlace.Slot(0)));
        refused(plan, new KeptPlace.Block(0, blocks), block);
        refused(plan, new KeptPlace.Block(0, -1), block);
        refused(plan, new KeptPlace.Block(2, 0), block);
        refused(plan, new KeptPlace.Slot(plan.slots()), slot);
        refused(plan, new KeptPlace.Slot(0), slot.asSlice(1));
        runner.run(
            runner.batch(
                List.of(new Piece(TokenTables.ids(8, 9), 0, new int[] {0})),
                List.of(new RowRequest.Logits(7))));
      }
    }
  }

  private static void refused(Plan plan, KeptPlace place, MemorySegment bytes) {
    assertThrows(IllegalArgumentException.class, () -> plan.read(place, bytes));
    assertThrows(IllegalArgumentException.class, () -> plan.write(place, bytes));
  }
}
