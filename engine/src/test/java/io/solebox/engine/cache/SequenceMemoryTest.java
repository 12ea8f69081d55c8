package io.solebox.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SequenceMemoryTest {
  private static final int STEP = 64;
  private static final Mask CAUSAL = new Mask.Causal();
  private static final StateSlots NONE = new StateSlots(0, 1024, (_, _) -> {});

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, 1000).toArray();
  }

  private static Weight weight(int rows, int cols) {
    return new Weight("w", rows, cols, TensorType.F32, MemorySegment.NULL);
  }

  /** A graph with an attention for each mask. */
  private static Graph graph(Mask... masks) {
    var b = new GraphBuilder();
    Value x = b.embed(weight(1000, 8));
    for (Mask mask : masks) {
      x = b.attention(x, x, x, new AttentionShape(1, 1, 8, 1, mask));
    }
    return b.build(b.selectRows(x));
  }

  private static SequencePools pools(Mask mask, int blocks) {
    return new SequencePools(graph(mask), List.of(blocks), NONE, STEP);
  }

  private static SequenceMemory computed(SequencePools pools, int[] ids) {
    var memory = pools.newSequence();
    assertTrue(memory.grow(ids.length));
    memory.advance(ids, ids.length);
    return memory;
  }

  private static int[] blocks(SequenceMemory memory, int group, int n) {
    return Arrays.copyOf(memory.view().blocksOfGroup()[group], n);
  }

  @Test
  void givesEveryBlockOnceAndThenNone() {
    var pools = pools(CAUSAL, 5);
    var a = pools.newSequence();
    var b = pools.newSequence();
    assertTrue(a.grow(64));
    assertTrue(b.grow(96));
    assertFalse(a.grow(65));
    var all = Stream.of(blocks(a, 0, 2), blocks(b, 0, 3)).flatMapToInt(Arrays::stream);
    assertEquals(5, all.distinct().count());
    b.release();
    assertTrue(a.grow(65));
    assertEquals(3, pools.used());
  }

  @Test
  void aPublishedPrefixIsSharedAndOutlivesItsSequence() {
    var pools = pools(CAUSAL, 8);
    int[] ids = ids(100, 1);
    var first = computed(pools, ids);
    var second = pools.newSequence();
    assertEquals(96, second.matchPrefix(ids, 99));
    assertEquals(blocks(first, 0, 1)[0], blocks(second, 0, 1)[0]);
    first.release();
    second.release();
    assertEquals(0, pools.used());
    assertEquals(3, pools.cached());
    var third = pools.newSequence();
    assertEquals(96, third.matchPrefix(ids, 100));
    assertEquals(3, pools.used());
  }

  @Test
  void aPrefixThatDiffersAnywhereBeforeIsNotFound() {
    var pools = pools(CAUSAL, 8);
    int[] ids = ids(64, 2);
    computed(pools, ids);
    int[] other = ids.clone();
    other[5]++;
    var match = pools.newSequence();
    assertEquals(0, match.matchPrefix(other, 64), "the second block is equal, the first is not");
  }

  @Test
  void theLeastRecentlyUsedPrefixGoesFirstAndItsTailBeforeItsHead() {
    var pools = pools(CAUSAL, 4);
    int[] old = ids(64, 3);
    int[] recent = ids(64, 4);
    for (int[] ids : new int[][] {old, recent}) {
      computed(pools, ids).release();
    }
    pools.newSequence().grow(1);
    assertEquals(KvBlocks.TOKENS, pools.newSequence().matchPrefix(old, 64));
    assertEquals(64, pools.newSequence().matchPrefix(recent, 64));
  }

  @Test
  void equalContentComputedTwiceIsFoundOnce() {
    var pools = pools(CAUSAL, 4);
    int[] ids = ids(32, 5);
    var a = computed(pools, ids);
    var b = computed(pools, ids);
    b.release();
    a.release();
    assertEquals(1, pools.cached());
    assertEquals(0, pools.used());
  }

  @Test
  void forgettingFreesIdleBlocksAndHidesHeldOnes() {
    var pools = pools(CAUSAL, 4);
    int[] ids = ids(32, 6);
    var memory = computed(pools, ids);
    pools.forgetContents();
    assertEquals(0, pools.newSequence().matchPrefix(ids, 32));
    memory.release();
    assertEquals(0, pools.used());
    assertEquals(0, pools.cached());
    assertEquals(0, pools.tree().size());
  }

  @Test
  void randomUseNeverLosesOrDoublesABlock() {
    for (Mask mask : new Mask[] {CAUSAL, new Mask.SlidingWindow(50)}) {
      var pools = pools(mask, 16);
      var random = new Random(8);
      var running = new ArrayList<SequenceMemory>();
      for (int step = 0; step < 5000; step++) {
        if (random.nextBoolean() || running.isEmpty()) {
          int[] ids = ids(96, random.nextInt(6));
          var memory = pools.newSequence();
          int found = memory.matchPrefix(ids, 96);
          if (memory.grow(96)) {
            memory.advance(ids, Math.max(found, random.nextInt(97)));
          }
          running.add(memory);
        } else {
          running.remove(random.nextInt(running.size())).release();
        }
        assertFalse(pools.used() < 0 || pools.used() > 16);
      }
      running.forEach(SequenceMemory::release);
      assertEquals(0, pools.used());
      assertNotEquals(0, pools.cached());
      pools.forgetContents();
      assertEquals(0, pools.tree().size(), "nobody needs a prefix any more");
    }
  }

  @Test
  void aWindowHoldsWhatItSeesAndGivesBackTheRest() {
    var pools = pools(new Mask.SlidingWindow(40), 4);
    int[] ids = ids(400, 9);
    var memory = pools.newSequence();
    for (int at = 0; at < 400; at += 20) {
      assertTrue(memory.grow(at + 20), "position " + at);
      memory.advance(ids, at + 20);
      // The next token sees 39 positions before it: three blocks where they begin inside one.
      assertTrue(memory.blocks() <= 3, "holds " + memory.blocks());
    }
    memory.release();
    assertEquals(0, pools.used());
  }

  /**
   * Of a layer that sees all, all blocks are needed; of a window, those behind the prefix alone.
   */
  @Test
  void aPrefixIsFoundWhereEveryGroupHasWhatItNeeds() {
    var graph = graph(CAUSAL, new Mask.SlidingWindow(40));
    var pools = new SequencePools(graph, List.of(20, 8), NONE, STEP);
    int[] ids = ids(320, 10);
    var first = pools.newSequence();
    for (int at = 0; at < 320; at += 32) {
      assertTrue(first.grow(at + 32));
      first.advance(ids, at + 32);
    }
    var second = pools.newSequence();
    assertEquals(288, second.matchPrefix(ids, 319));
    assertEquals(9 + 2, second.blocks(), "9 of all positions, 2 for the window behind 288");
    second.release();
    // What slid out of the window is in the cache until its place is needed.
    var shorter = pools.newSequence();
    assertEquals(160, shorter.matchPrefix(ids, 180));
    shorter.release();
    // Then only prefixes are found whose window is still there.
    var other = pools.newSequence();
    assertTrue(other.reserve(0, 96));
    first.release();
    var third = pools.newSequence();
    assertEquals(288, third.matchPrefix(ids, 319));
    assertEquals(0, pools.newSequence().matchPrefix(ids, 64));
  }

  @Test
  void aLongPromptNeedsOnlyAStepOfAWindowAtATime() {
    var pools = pools(new Mask.SlidingWindow(40), 5);
    var memory = pools.newSequence();
    assertTrue(memory.reserve(0, 10_000));
    assertEquals(STEP / KvBlocks.TOKENS, memory.blocks());
    assertFalse(pools(CAUSAL, 5).newSequence().reserve(0, 10_000));
  }

  @Test
  void whatSeesAheadIsNoPrefixOfAnything() {
    var pools = pools(new Mask.Bidirectional(), 8);
    int[] ids = ids(64, 12);
    computed(pools, ids).release();
    assertEquals(0, pools.cached());
    assertEquals(0, pools.newSequence().matchPrefix(ids, 64));
  }
}
