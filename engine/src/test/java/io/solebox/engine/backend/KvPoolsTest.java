package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.KeepGroup;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** How keys, values and recurrent state share what memory there is. */
class KvPoolsTest {
  private static final List<KeepGroup> GROUPS = List.of(new KeepGroup(0, OptionalInt.empty()));
  private static final long FIXED = 1000;
  private static final long BLOCK = 10;
  private static final long STATE = 50;
  private static final Estimate ESTIMATE = new Estimate(FIXED, 0, List.of(BLOCK), STATE, 0);

  /** Two sequences of ten blocks each are wished for, and eight snapshots. */
  private static Limits limits(long budget) {
    long tokens = 20L * KvBlocks.TOKENS;
    return new Limits(320, 64, 2, 2, tokens, KvType.F32, Activations.AUTO, budget).withSnapshots(8);
  }

  private static SequenceRoom fitting(long spare) {
    long least = FIXED + 2 * STATE + 10 * BLOCK;
    Limits limits = limits(least + spare);
    SequenceRoom room = KvPools.fitting(GROUPS, ESTIMATE, limits);
    assertTrue(KvPools.use(GROUPS, ESTIMATE, limits, room).total() <= limits.memoryBudgetBytes());
    return room;
  }

  private static SequenceRoom room(int blocks, int snapshots) {
    return new SequenceRoom((long) blocks * KvBlocks.TOKENS, snapshots);
  }

  @Test
  void allIsAsWishedWhereThereIsRoom() {
    assertEquals(room(20, 8), fitting(100 + 8 * STATE));
    assertEquals(room(20, 8), fitting(1 << 20));
  }

  @Test
  void eachIsSureOfHalfAndHasWhatTheOtherDoesNotNeed() {
    assertEquals(room(10, 0), fitting(0), "no snapshot keeps a model from being loaded");
    assertEquals(room(19, 0), fitting(99), "nor takes memory before it is one");
    assertEquals(room(15, 1), fitting(100));
    assertEquals(room(20, 2), fitting(200));
    assertEquals(room(20, 6), fitting(400));
  }

  @Test
  void withoutStateSnapshotsCostNothing() {
    var none = new Estimate(FIXED, 0, List.of(BLOCK), 0, 0);
    assertEquals(
        room(15, 8), KvPools.fitting(GROUPS, none, limits(FIXED + 15 * BLOCK)), "of this stage");
  }

  @Test
  void stateAloneHasNoBlocks() {
    var alone = new Estimate(FIXED, 0, List.of(), STATE, 0);
    Limits limits = limits(FIXED + 5 * STATE);
    assertEquals(3, KvPools.fitting(List.of(), alone, limits).snapshots());
    var refusal =
        assertThrows(
            SoleboxException.class,
            () -> KvPools.fitting(List.of(), alone, limits(FIXED + 2 * STATE - 1)));
    assertEquals(ErrorCode.OUT_OF_MEMORY, refusal.code());
  }

  /** Stages get what all have room for, and prepare with exactly that. */
  @Test
  void whatWasAgreedIsWhatFits() {
    for (long spare = 0; spare < 600; spare += 7) {
      SequenceRoom room = fitting(spare);
      for (SequenceRoom other : List.of(room, room(12, 1), room(10, 8))) {
        SequenceRoom agreed = room.and(other);
        Limits limits = limits(0).withRoom(agreed);
        long bytes = KvPools.use(GROUPS, ESTIMATE, limits, agreed).total();
        assertEquals(agreed, KvPools.fitting(GROUPS, ESTIMATE, limits.withMemoryBudget(bytes)));
      }
    }
  }
}
