package io.solebox.engine.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.spill.SpillStore.Outcome;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What leaves places is copied no sooner than it must be, and not lost before. */
@Timeout(60)
class SpillStoreTest {
  private static final int SIZE = 16;

  /** Blocks and slots of bytes. */
  private static final class Places implements KeptMemory {
    private final byte[][] blocks = new byte[8][SIZE];
    private final byte[][] slots = new byte[8][SIZE];
    int reads;
    boolean isBroken;

    private byte[] at(KeptPlace place) {
      return switch (place) {
        case KeptPlace.Block(_, int block) -> blocks[block];
        case KeptPlace.Slot(int slot) -> slots[slot];
      };
    }

    @Override
    public long bytes(KeptPlace place) {
      return SIZE;
    }

    @Override
    public void read(KeptPlace place, MemorySegment to) {
      if (isBroken) {
        throw new IllegalStateException("the card fell off");
      }
      reads++;
      to.copyFrom(MemorySegment.ofArray(at(place)));
    }

    @Override
    public void write(KeptPlace place, MemorySegment from) {
      MemorySegment.ofArray(at(place)).copyFrom(from);
    }
  }

  private final Places plan = new Places();
  private final SpillStore store = new SpillStore(plan, () -> 2 * SIZE, 4 * SIZE);

  @AfterEach
  void close() {
    store.close();
  }

  private static SpillKey key(int n) {
    return new SpillKey(PrefixHash.of("p").then(new int[] {n}), 0);
  }

  private static KeptPlace block(int n) {
    return new KeptPlace.Block(0, n);
  }

  private void fill(KeptPlace place, int value) {
    Arrays.fill(plan.at(place), (byte) value);
  }

  private void assertHolds(int value, KeptPlace place) {
    for (byte b : plan.at(place)) {
      assertEquals((byte) value, b);
    }
  }

  @Test
  void aBlockIsCopiedWhenItIsOverwritten() {
    fill(block(1), 7);
    store.leaves(key(7), block(1), 32);
    assertTrue(store.has(key(7)));
    assertFalse(store.isEmpty());
    assertEquals(0, plan.reads);
    store.overwrites(block(2));
    assertEquals(0, plan.reads);
    store.overwrites(block(1));
    store.overwrites(block(1));
    assertEquals(1, plan.reads);
    fill(block(1), 8);
    store.beginStep();
    assertEquals(Outcome.DONE, store.restore(key(7), block(3)));
    assertHolds(7, block(3));
    assertEquals(SIZE, store.stats().spilled().bytes());
    assertEquals(1, store.stats().restored().pieces());
  }

  @Test
  void whatIsNotOverwrittenYetComesBackFromWhereItIs() {
    fill(block(1), 7);
    fill(block(3), 9);
    store.leaves(key(7), block(1), 32);
    store.leaves(key(9), block(3), 32);
    store.beginStep();
    assertEquals(Outcome.DONE, store.restore(key(7), block(3)));
    assertHolds(7, block(3));
    assertEquals(Outcome.DONE, store.restore(key(9), block(1)));
    assertHolds(9, block(1));
    assertEquals(Outcome.LATER, store.restore(key(9), block(4)), "the step is full");
    assertEquals(Outcome.GONE, restoreInAnother(key(1), block(4)));
  }

  private Outcome restoreInAnother(SpillKey key, KeptPlace place) {
    store.beginStep();
    return store.restore(key, place);
  }

  @Test
  void whatIsForgottenBeforeItWasCopiedIsGone() {
    fill(block(1), 7);
    store.leaves(key(7), block(1), 32);
    store.forgetLeaving();
    assertTrue(store.isEmpty());
    store.overwrites(block(1));
    assertEquals(0, plan.reads);
    assertEquals(Outcome.GONE, restoreInAnother(key(7), block(2)));
  }

  @Test
  void snapshotsLeaveWhileAStepHasTime() {
    store.beginStep();
    for (int n = 0; n < 4; n++) {
      store.leavesAtOnce(key(n), new KeptPlace.Slot(n), 64);
    }
    assertEquals(2, plan.reads);
    assertEquals(2, store.stats().spilled().pieces());
    assertEquals(2, store.stats().lost());
    store.beginStep();
    store.leavesAtOnce(key(0), new KeptPlace.Slot(0), 64);
    store.leavesAtOnce(key(3), new KeptPlace.Slot(3), 64);
    assertTrue(store.has(key(3)));
    assertEquals(3, plan.reads, "what is there already is not copied again");
  }

  @Test
  void whatCouldNotBeReadIsNotThere() {
    plan.isBroken = true;
    store.leaves(key(7), block(1), 32);
    assertThrows(IllegalStateException.class, () -> store.overwrites(block(1)));
    assertTrue(store.isEmpty());
    assertEquals(0, store.stats().memoryBytes());
  }

  @Test
  void oneWhoLeavesDropsNoHoldOfAnother() {
    for (int n = 0; n < 4; n++) {
      fill(block(n), n);
      store.leaves(key(n), block(n), 32);
      store.overwrites(block(n));
    }
    store.hold(key(0));
    store.hold(key(0));
    store.drop(key(0));
    for (int n = 4; n < 8; n++) {
      store.leaves(key(n), block(n), 32);
      store.overwrites(block(n));
    }
    assertTrue(store.has(key(0)));
    assertEquals(4 * SIZE, store.stats().memoryBytes());
    assertEquals(4, store.stats().lost());
    store.beginStep();
    assertEquals(Outcome.DONE, store.restore(key(0), block(5)));
    assertHolds(0, block(5));
  }

  @Test
  void aStoreThatKeepsNothingCopiesNothing() {
    try (var off = new SpillStore(plan, () -> SIZE, 0)) {
      off.beginStep();
      off.leaves(key(1), block(1), 32);
      off.overwrites(block(1));
      off.leavesAtOnce(key(2), new KeptPlace.Slot(1), 64);
      assertTrue(off.isEmpty());
      assertEquals(0, plan.reads);
      assertEquals(0, off.stats().lost());
    }
  }
}
