package io.solebox.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.KvBlocks;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, 1000).toArray();
  }

  @Test
  void givesEveryBlockOnceAndThenNone() {
    var pool = new BlockPool(5);
    long distinct =
        IntStream.range(0, 5).map(i -> pool.allocate().orElseThrow()).distinct().count();
    assertEquals(5, distinct);
    assertTrue(pool.allocate().isEmpty());
    pool.release(3);
    assertEquals(3, pool.allocate().orElseThrow());
  }

  @Test
  void aPublishedPrefixIsSharedAndOutlivesItsSequence() {
    var pool = new BlockPool(8);
    int[] ids = ids(100, 1);
    var first = new BlockTable(pool);
    assertTrue(first.grow(100));
    first.publish(ids, 100);
    var second = new BlockTable(pool);
    assertEquals(96, second.matchPrefix(ids, 99));
    assertEquals(first.blocks()[0], second.blocks()[0]);
    first.release();
    second.release();
    assertEquals(0, pool.used());
    assertEquals(3, pool.cached());
    var third = new BlockTable(pool);
    assertEquals(96, third.matchPrefix(ids, 100));
    assertEquals(3, pool.used());
  }

  @Test
  void aPrefixThatDiffersAnywhereBeforeIsNotFound() {
    var pool = new BlockPool(8);
    int[] ids = ids(64, 2);
    var table = new BlockTable(pool);
    table.grow(64);
    table.publish(ids, 64);
    int[] other = ids.clone();
    other[5]++;
    var match = new BlockTable(pool);
    assertEquals(0, match.matchPrefix(other, 64), "the second block is equal, the first is not");
  }

  @Test
  void theLeastRecentlyUsedPrefixGoesFirstAndItsTailBeforeItsHead() {
    var pool = new BlockPool(4);
    int[] old = ids(64, 3);
    int[] recent = ids(64, 4);
    for (int[] ids : new int[][] {old, recent}) {
      var table = new BlockTable(pool);
      table.grow(64);
      table.publish(ids, 64);
      table.release();
    }
    pool.allocate();
    assertEquals(KvBlocks.TOKENS, new BlockTable(pool).matchPrefix(old, 64));
    assertEquals(64, new BlockTable(pool).matchPrefix(recent, 64));
  }

  @Test
  void equalContentComputedTwiceIsFoundOnce() {
    var pool = new BlockPool(4);
    int[] ids = ids(32, 5);
    var a = new BlockTable(pool);
    var b = new BlockTable(pool);
    a.grow(32);
    b.grow(32);
    a.publish(ids, 32);
    b.publish(ids, 32);
    b.release();
    a.release();
    assertEquals(1, pool.cached());
    assertEquals(0, pool.used());
  }

  @Test
  void forgettingFreesIdleBlocksAndHidesHeldOnes() {
    var pool = new BlockPool(4);
    int[] ids = ids(32, 6);
    var table = new BlockTable(pool);
    table.grow(32);
    table.publish(ids, 32);
    pool.forgetContents();
    assertEquals(0, new BlockTable(pool).matchPrefix(ids, 32));
    table.release();
    assertEquals(4, pool.available());
    assertEquals(0, pool.cached());
  }

  @Test
  void randomUseNeverLosesOrDoublesABlock() {
    var pool = new BlockPool(16);
    var random = new Random(8);
    var tables = new ArrayList<BlockTable>();
    for (int step = 0; step < 5000; step++) {
      if (random.nextBoolean() || tables.isEmpty()) {
        int[] ids = ids(96, random.nextInt(6));
        var table = new BlockTable(pool);
        int found = table.matchPrefix(ids, 96);
        if (table.grow(96)) {
          table.publish(ids, Math.max(found, random.nextInt(97)));
        }
        tables.add(table);
      } else {
        tables.remove(random.nextInt(tables.size())).release();
      }
      assertFalse(pool.used() < 0 || pool.used() > 16);
    }
    tables.forEach(BlockTable::release);
    assertEquals(16, pool.available());
    assertNotEquals(0, pool.cached());
  }
}
