package io.solebox.engine.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stays in a bounded memory, and what leaves it. */
class HostTierTest {
  private final HostTier tier = new HostTier(1024);

  @AfterEach
  void close() {
    tier.close();
  }

  private static SpillKey key(int n) {
    return new SpillKey(PrefixHash.of("p").then(new int[] {n}), 0);
  }

  private boolean enter(int n, long bytes) {
    Optional<MemorySegment> room = tier.enter(key(n), bytes);
    room.ifPresent(to -> to.fill((byte) n));
    return room.isPresent();
  }

  @Test
  void theLeastRecentlyUsedLeaves() {
    for (int n = 0; n < 4; n++) {
      assertTrue(enter(n, 256));
    }
    tier.touch(key(0));
    assertTrue(enter(4, 256));
    assertFalse(tier.has(key(1)));
    assertTrue(tier.has(key(0)));
    assertEquals(1, tier.lost());
    assertEquals(1024, tier.used());
  }

  @Test
  void whatIsHeldStays() {
    for (int n = 0; n < 4; n++) {
      assertTrue(enter(n, 256));
      tier.hold(key(n));
    }
    assertFalse(enter(4, 256));
    tier.drop(key(2));
    assertTrue(enter(4, 256));
    assertFalse(tier.has(key(2)));
    tier.clear();
    assertTrue(tier.has(key(0)));
    assertFalse(tier.has(key(4)));
  }

  @Test
  void whatIsLargerThanAllHasNoRoom() {
    assertTrue(enter(1, 100));
    assertFalse(enter(2, 1025));
    assertTrue(enter(3, 1024));
  }

  /** Nobody writes to what belongs to another, whatever the sizes. */
  @Test
  void partsNeverOverlap() {
    var random = new Random(7);
    Map<Integer, Integer> sizes = new HashMap<>();
    for (int n = 1; n < 2000; n++) {
      int size = 1 + random.nextInt(n % 5 == 0 ? 500 : 60);
      sizes.put(n, size);
      assertTrue(enter(n, size));
      assertTrue(tier.used() <= 1024);
      for (int before = Math.max(1, n - 40); before <= n; before++) {
        Optional<MemorySegment> found = tier.find(key(before));
        if (found.isPresent()) {
          assertEquals((long) sizes.get(before), found.get().byteSize());
          for (byte b : found.get().toArray(ValueLayout.JAVA_BYTE)) {
            assertEquals((byte) before, b);
          }
        }
      }
    }
  }

  @Test
  void equalPrefixesAreEqualKeys() {
    var root = PrefixHash.of("model");
    assertEquals(root.then(new int[] {1, 2}), root.then(new int[] {1, 2}));
    assertFalse(root.then(new int[] {1, 2}).equals(root.then(new int[] {2, 1})));
    assertFalse(root.then(new int[] {1}).equals(PrefixHash.of("other").then(new int[] {1})));
    assertEquals(root, PrefixHash.ofBytes(root.bytes()));
  }
}
