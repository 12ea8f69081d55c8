package io.solebox.engine.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stays in a bounded memory, and what leaves it. */
@Timeout(60)
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
    room.ifPresent(
        to -> {
          to.fill((byte) n);
          tier.filled(key(n));
        });
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
    assertTrue(tier.has(key(1)), "nobody left for what cannot come");
    assertTrue(enter(3, 1024));
    assertEquals(1, tier.lost());
  }

  @Test
  void nobodyLeavesInVainForWhatIsHeld() {
    for (int n = 0; n < 4; n++) {
      assertTrue(enter(n, 256));
    }
    tier.hold(key(0));
    tier.hold(key(2));
    assertFalse(enter(4, 513));
    assertEquals(0, tier.lost());
    assertTrue(enter(4, 512));
    assertEquals(2, tier.lost());
  }

  @Test
  void aHoldIsOfWhatComesLaterToo() {
    tier.hold(key(1));
    tier.hold(key(1));
    assertTrue(enter(1, 1000));
    tier.drop(key(1));
    assertFalse(enter(2, 1000));
    tier.drop(key(1));
    assertTrue(enter(2, 1000));
    assertFalse(tier.has(key(1)));
  }

  /** Nobody finds it, and its memory is nobody else's, whatever happens meanwhile. */
  @Test
  void whatIsBeingFilledStaysWhereItIs() {
    MemorySegment room = tier.enter(key(1), 600).orElseThrow();
    tier.hold(key(1));
    tier.drop(key(1));
    tier.clear();
    assertFalse(tier.has(key(1)));
    assertEquals(List.of(), tier.keys());
    assertFalse(enter(2, 600));
    assertTrue(enter(3, 400));
    room.fill((byte) 1);
    for (byte b : tier.find(key(3)).orElseThrow().toArray(ValueLayout.JAVA_BYTE)) {
      assertEquals((byte) 3, b);
    }
    tier.filled(key(1));
    assertTrue(tier.has(key(1)));
    assertEquals(1000, tier.used());
    assertTrue(tier.enter(key(4), 24).isPresent());
    tier.discard(key(4));
    assertEquals(1000, tier.used());
    assertTrue(enter(2, 600));
  }

  /** The system may refuse what the bound allows: then there is no room, and no more than that. */
  @Test
  void whatTheSystemDoesNotHaveIsNoRoom() {
    try (var large = new HostTier(Long.MAX_VALUE)) {
      assertEquals(Optional.empty(), large.enter(key(1), 1L << 50));
      assertTrue(large.enter(key(2), 64).isPresent());
      large.filled(key(2));
      assertTrue(large.has(key(2)));
      assertEquals(64, large.used());
    }
  }

  /** However small the parts are that are there, what fits at all finds room. */
  @Test
  void sizesDoNotStandInEachOthersWay() {
    for (int round = 0; round < 3; round++) {
      for (int n = 0; n < 16; n++) {
        assertTrue(enter(100 * round + n, 64));
      }
      long before = tier.lost();
      assertTrue(enter(100 * round + 20, 512));
      assertEquals(8, tier.lost() - before, "no more leave than must");
      assertTrue(enter(100 * round + 21, 1024));
      assertEquals(1024, tier.used());
    }
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
    PrefixHash first = root.then(new int[] {1});
    assertEquals(List.of(first, first.then(new int[] {2})), first.then(new int[] {2}).path());
  }

  private void enterToCopy(int n) {
    tier.enter(key(n), 256).orElseThrow().fill((byte) n);
    tier.filled(key(n), HostTier.Copy.WANTED);
  }

  @Test
  void whatIsCopiedElsewhereLeavesFirst() {
    assertTrue(enter(0, 256));
    enterToCopy(1);
    assertTrue(tier.lend().isEmpty(), "half of it is free");
    enterToCopy(2);
    enterToCopy(3);
    HostTier.Entry first = tier.lend().orElseThrow();
    assertEquals(key(1), first.key());
    assertTrue(tier.lend().isEmpty(), "half of it is soon free");
    assertTrue(tier.has(key(1)), "it is there meanwhile");
    tier.giveBack(first, true);
    assertTrue(enter(4, 512));
    assertEquals(List.of(key(2), key(3), key(4)), tier.keys());
    assertEquals(1, tier.lost(), "what lies elsewhere is not lost");
  }

  @Test
  void whatIsBeingCopiedStaysUntilItIs() {
    for (int n = 0; n < 4; n++) {
      enterToCopy(n);
    }
    HostTier.Entry first = tier.lend().orElseThrow();
    HostTier.Entry second = tier.lend().orElseThrow();
    assertFalse(enter(4, 1024));
    assertTrue(enter(4, 512));
    tier.clear();
    assertTrue(tier.isEmpty());
    assertTrue(enter(0, 256), "again, while the old one is still being copied");
    assertEquals(0, first.bytes().get(ValueLayout.JAVA_BYTE, 0));
    tier.giveBack(first, true);
    assertTrue(tier.has(key(0)));
    assertEquals(512, tier.used());
    assertEquals(key(1), second.key()); // and is closed while that is lent
  }
}
