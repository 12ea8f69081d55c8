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
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of recurrent state, beside the blocks of the same prefixes or without any. */
class StateSnapshotsTest {
  private static final int STEP = 512;
  private static final int PLENTY = 1000; // of blocks
  private static final int INTERVAL = 1024;

  private int copies;
  private long[] places; // what each holds: the ids before its position, as one number
  private SequencePools pools;

  private static Graph graph(boolean attends) {
    var b = new GraphBuilder();
    Value x = b.embed(weight(1000, 8));
    if (attends) {
      x = b.attention(x, x, x, new AttentionShape(1, 1, 8, 1, new Mask.Causal()));
    }
    x = b.shortConv("conv", x, weight(8, 4), Optional.empty());
    return b.build(b.selectRows(x));
  }

  private static Weight weight(int rows, int cols) {
    return new Weight("w", rows, cols, TensorType.F32, MemorySegment.NULL);
  }

  private void open(boolean attends, int blocks, int slots) {
    places = new long[slots];
    var all =
        new StateSlots(
            slots,
            INTERVAL,
            (from, to) -> {
              assertNotEquals(from, to);
              places[to] = places[from];
              copies++;
            });
    pools = new SequencePools(graph(attends), attends ? List.of(blocks) : List.of(), all, STEP);
  }

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, 1000).toArray();
  }

  private static int[] joined(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }

  /** A sequence on its way, and a plan that holds its state to what it must be. */
  private final class Run {
    final SequenceMemory memory = pools.newSequence();
    final int[] ids;
    final int prompt;
    int computed;
    int found;
    boolean begun;

    Run(int[] ids, int prompt) {
      this.ids = ids;
      this.prompt = prompt;
    }

    boolean begin() {
      found = memory.matchPrefix(ids, prompt - 1);
      computed = found;
      begun = memory.reserve(computed, prompt);
      if (!begun) {
        release();
      }
      return begun;
    }

    /** One chunk; false without room. */
    boolean step(int tokens) {
      int length = Math.max(prompt, computed + 1);
      int n = memory.cut(Math.min(tokens, length - computed), length);
      assertTrue(n >= 1 && n <= tokens, "a chunk of " + n);
      if (!memory.grow(computed + n)) {
        return false;
      }
      int slot = memory.view().slot();
      if (computed > 0) {
        assertEquals(Arrays.hashCode(Arrays.copyOf(ids, computed)), places[slot], "its state");
      }
      computed += n;
      places[slot] = Arrays.hashCode(Arrays.copyOf(ids, computed));
      memory.advance(ids, computed);
      return true;
    }

    Run to(int position) {
      while (computed < position) {
        assertTrue(step(STEP));
      }
      return this;
    }

    void release() {
      memory.release();
      computed = 0;
      begun = false;
    }
  }

  private Run begun(int[] ids, int prompt) {
    var run = new Run(ids, prompt);
    assertTrue(run.begin());
    return run;
  }

  private void finish(int[] ids, int prompt, int to) {
    begun(ids, prompt).to(to).release();
  }

  private int found(int[] ids) {
    Run run = begun(ids, ids.length);
    run.to(run.found + 1);
    int found = run.found;
    run.release();
    return found;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPromptIsFoundUpToTheBorderBeforeItsEnd(boolean attends) {
    open(attends, PLENTY, 5);
    int[] ids = ids(300, 1);
    finish(ids, 300, 300);
    assertEquals(1, copies);
    assertEquals(256, found(ids));
    assertEquals(256, found(joined(ids, ids(50, 2))));
    int[] other = ids.clone();
    other[200]++;
    assertEquals(0, found(other));
  }

  /** What opens an answer may not stand in the next prompt. */
  @Test
  void theBorderLeavesWhatOpensTheAnswer() {
    open(true, PLENTY, 5);
    int[] ids = ids(258, 1);
    finish(ids, 258, 258);
    assertEquals(224, found(joined(Arrays.copyOf(ids, 250), ids(50, 2))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerIsFoundUpToItsLastWholeBlock(boolean attends) {
    open(attends, PLENTY, 5);
    int[] ids = ids(500, 3);
    Run run = begun(ids, 100).to(430);
    assertEquals(3, pools.states().orElseThrow().snapshots(), "after 64, 256 and 416");
    run.release();
    assertEquals(416, found(ids));
    assertEquals(256, found(Arrays.copyOf(ids, 410)));
  }

  @Test
  void whatTwoBeginWithIsFoundByTheThird() {
    open(true, PLENTY, 9);
    int[] system = ids(200, 4);
    finish(joined(system, ids(150, 5)), 350, 350);
    assertEquals(0, found(joined(system, ids(150, 6))), "a snapshot is where the first ended");
    assertEquals(192, found(joined(system, ids(150, 7))));
  }

  @Test
  void aLongPromptHasSomeInTheMiddle() {
    open(true, PLENTY, 9);
    int[] ids = ids(3000, 8);
    finish(ids, 3000, 3000);
    assertEquals(3, pools.states().orElseThrow().snapshots(), "after 1024, 2048 and 2976");
    assertEquals(2048, found(Arrays.copyOf(ids, 2900)));
    assertEquals(1024, found(joined(Arrays.copyOf(ids, 1500), ids(100, 9))));
  }

  /** Cancelled or preempted in the middle of a prompt: the place itself is what is left. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSequenceThatGivesWayLeavesWhatItHasComputed(boolean attends) {
    open(attends, PLENTY, 2);
    int[] ids = ids(1000, 10);
    Run run = begun(ids, 1000);
    assertTrue(run.step(200));
    assertEquals(192, run.computed, "a chunk ends where a block does");
    run.release();
    assertEquals(0, copies);
    assertTrue(run.begin());
    assertEquals(192, run.found);
  }

  /** Small steps that end anywhere: a snapshot goes along. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 21, 45, 63, 90})
  void noSequenceEverLosesMuch(int step) {
    open(true, PLENTY, 3);
    int[] ids = ids(1000, 11);
    Run run = begun(ids, 1000);
    int from = 0;
    for (int leave = 300; leave < 1000; leave += 211) {
      assertEquals(from, run.found);
      while (run.computed < leave) {
        assertTrue(run.step(step));
      }
      int computed = run.computed;
      run.release();
      assertTrue(run.begin());
      from = run.found;
      assertTrue(from > computed - 256 - 32, "found " + from + " of " + computed);
    }
    assertTrue(pools.states().orElseThrow().snapshots() <= 3);
  }

  @Test
  void sequencesTakePrecedence() {
    open(true, PLENTY, 3);
    for (int i = 0; i < 3; i++) {
      finish(ids(200, 20 + i), 200, 200);
    }
    List<Run> all = IntStream.range(0, 3).mapToObj(i -> begun(ids(100, 30 + i), 100)).toList();
    assertEquals(0, pools.states().orElseThrow().snapshots());
    assertFalse(new Run(ids(100, 40), 100).begin(), "places are for sequences that run");
    all.forEach(run -> run.to(100));
    assertEquals(0, pools.states().orElseThrow().snapshots(), "no place for a copy");
  }

  @Test
  void theLeastRecentlyUsedLeavesFirst() {
    open(true, PLENTY, 3);
    int[] a = ids(200, 50);
    int[] b = ids(200, 51);
    finish(a, 200, 200);
    finish(b, 200, 200);
    Run again = begun(a, 200);
    assertEquals(160, again.found);
    again.release();
    finish(ids(200, 52), 200, 200); // b's leaves for it
    assertEquals(0, begun(b, 200).found);
    assertEquals(160, begun(a, 200).found);
  }

  @Test
  void aSequenceMayTakeTheOnlySnapshotsPlace() {
    open(true, PLENTY, 2);
    int[] ids = ids(200, 60);
    finish(ids, 200, 200);
    copies = 0;
    begun(ids(50, 61), 50).to(50); // has the other place
    Run run = begun(ids, 200);
    assertEquals(160, run.found);
    assertEquals(0, copies);
    run.to(200);
  }

  @Test
  void whatFailedToBeginCostsNoCopyAndNoSnapshot() {
    open(true, 8, 4);
    int[] ids = ids(200, 70);
    finish(ids, 100, 100);
    copies = 0;
    Run other = begun(ids(100, 71), 100);
    assertFalse(new Run(ids, 200).begin(), "no room for its blocks");
    assertEquals(0, copies);
    other.release();
    assertEquals(64, begun(ids, 200).found);
  }

  @Test
  void aSnapshotWithoutItsBlocksIsNotFound() {
    open(true, 8, 4);
    int[] ids = ids(200, 80);
    finish(ids, 200, 200);
    finish(ids(250, 81), 250, 250);
    assertEquals(0, begun(ids, 200).found);
  }

  @Test
  void forgettingLeavesNothing() {
    for (boolean attends : new boolean[] {true, false}) {
      open(attends, PLENTY, 4);
      int[] ids = ids(200, 90);
      finish(ids, 200, 200);
      pools.forgetContents();
      assertEquals(0, begun(ids, 200).found);
    }
  }

  /** {@link Run#step} holds each state to what it must be. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void randomUseNeverMixesStatesUpNorLosesAPlace(boolean attends) {
    int found = 0;
    for (int slots : new int[] {3, 4, 8}) {
      open(attends, 40, slots);
      var random = new Random(slots);
      var running = new ArrayList<Run>();
      for (int step = 0; step < 6000; step++) {
        if (running.size() < 3 && random.nextInt(4) == 0) {
          int[] start = Arrays.copyOf(ids(300, random.nextInt(3)), 40 + random.nextInt(200));
          var run = new Run(joined(start, ids(200, random.nextInt(4))), start.length + 20);
          if (run.begin()) {
            running.add(run);
            found += run.found;
          }
        } else if (!running.isEmpty()) {
          Run run = running.get(random.nextInt(running.size()));
          boolean ok = run.computed < run.ids.length - 1 && run.step(1 + random.nextInt(90));
          if (!ok || random.nextInt(10) == 0) {
            run.release();
            running.remove(run);
          }
        }
      }
      running.forEach(Run::release);
      assertEquals(0, pools.used());
      assertTrue(pools.states().orElseThrow().snapshots() <= slots);
      pools.forgetContents();
      assertEquals(0, pools.tree().size(), "nobody needs a prefix any more");
      var all = new ArrayList<Integer>();
      for (int i = 0; i < slots; i++) {
        all.add(pools.states().orElseThrow().take().orElseThrow());
      }
      assertEquals(slots, all.stream().distinct().count());
    }
    assertTrue(found > 1000 * KvBlocks.TOKENS, "found " + found);
  }
}
