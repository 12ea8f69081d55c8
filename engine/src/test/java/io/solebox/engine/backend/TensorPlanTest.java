package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ranks as one plan: what they share, and what becomes of all when one fails. */
class TensorPlanTest {
  private static final Batch NOTHING =
      new Batch(new int[0], new int[0], new int[0], List.of(), List.of(), new Batch.Input.Tokens());

  private final Arena arena = Arena.ofShared();
  private final Outputs outputs = new Outputs(arena, 1, 1, 8);
  private final Meeting meeting = new Meeting();
  private final List<String> closed = new ArrayList<>();

  @AfterEach
  void close() {
    arena.close();
  }

  /** Where ranks wait for each other, as those of a backend do. */
  private final class Meeting implements Exchange {
    private Phaser phaser = new Phaser();
    private int ranks;
    private int renewals;

    void of(int n) {
      ranks = n;
      phaser = new Phaser(n);
    }

    void meet() {
      if (phaser.arriveAndAwaitAdvance() < 0) {
        throw new IllegalStateException("sent home");
      }
    }

    @Override
    public void abort() {
      phaser.forceTermination();
    }

    @Override
    public void renew() {
      renewals++;
      phaser = new Phaser(ranks);
    }

    @Override
    public void close() {
      closed.add("exchange");
    }
  }

  /** Meets the others in every step, unless it is to fail. */
  private final class Rank implements Plan {
    private final int blocks;
    private final byte content;
    private Optional<RuntimeException> fails = Optional.empty();
    private Optional<SoleboxException> loss = Optional.empty();
    private int steps;

    Rank(int blocks, int content) {
      this.blocks = blocks;
      this.content = (byte) content;
    }

    @Override
    public List<Integer> kvBlocks() {
      return List.of(blocks);
    }

    @Override
    public int slots() {
      return 0;
    }

    @Override
    public void copySlot(int from, int to) {}

    /** As wide as it is deep. */
    @Override
    public long bytes(KeptPlace place) {
      return blocks;
    }

    @Override
    public void read(KeptPlace place, MemorySegment to) {
      to.fill(content);
    }

    @Override
    public void write(KeptPlace place, MemorySegment from) {
      assertEquals(blocks, from.byteSize());
      assertEquals(content, from.get(ValueLayout.JAVA_BYTE, 0));
    }

    @Override
    public void run(Batch batch, Outputs to) {
      if (fails.isPresent()) {
        throw fails.get();
      }
      meeting.meet();
      steps++;
    }

    @Override
    public Optional<SoleboxException> loss() {
      return loss;
    }

    @Override
    public void close() {
      closed.add("rank " + content);
    }
  }

  private TensorPlan plan(Rank... ranks) {
    meeting.of(ranks.length);
    return new TensorPlan(List.of(ranks), meeting);
  }

  @Test
  void aStepIsOneOfEveryRank() {
    Rank[] ranks = {new Rank(4, 0), new Rank(4, 1), new Rank(4, 2)};
    try (TensorPlan plan = plan(ranks)) {
      plan.run(NOTHING, outputs);
      plan.run(NOTHING, outputs);
    }
    for (Rank rank : ranks) {
      assertEquals(2, rank.steps);
    }
    assertEquals(List.of("rank 0", "rank 1", "rank 2", "exchange"), closed);
  }

  @Test
  void whicheverRankFailsTheOthersComeBackAndTheNextStepIsGood() {
    Rank[] ranks = {new Rank(4, 0), new Rank(4, 1), new Rank(4, 2)};
    try (TensorPlan plan = plan(ranks)) {
      for (Rank failing : ranks) {
        var bad = new IllegalArgumentException("bad");
        failing.fails = Optional.of(bad);
        assertSame(
            bad, assertThrows(IllegalArgumentException.class, () -> plan.run(NOTHING, outputs)));
        failing.fails = Optional.empty();
        plan.run(NOTHING, outputs);
      }
    }
    assertEquals(3, meeting.renewals);
    assertEquals(3, ranks[0].steps);
    assertEquals(3, ranks[2].steps);
  }

  @Test
  void aLostDeviceIsTheLossOfAll() {
    Rank[] ranks = {new Rank(4, 0), new Rank(4, 1)};
    try (TensorPlan plan = plan(ranks)) {
      assertTrue(plan.loss().isEmpty());
      var lost =
          new SoleboxException(
              ErrorCode.DEVICE_UNAVAILABLE, "gpu:1", "The card is lost.", "Seat it again.");
      ranks[1].fails = Optional.of(lost);
      ranks[1].loss = Optional.of(lost);
      assertSame(lost, assertThrows(SoleboxException.class, () -> plan.run(NOTHING, outputs)));
      assertSame(lost, plan.loss().orElseThrow());
    }
  }

  @Test
  void blocksAreThoseThatAllHaveAndTheirContentIsOneBehindTheOther() {
    try (TensorPlan plan = plan(new Rank(3, 7), new Rank(2, 9))) {
      assertEquals(List.of(2), plan.kvBlocks());
      var place = new KeptPlace.Block(0, 1);
      assertEquals(5, plan.bytes(place));
      MemorySegment all = arena.allocate(5);
      plan.read(place, all);
      assertArrayEquals(new byte[] {7, 7, 7, 9, 9}, all.toArray(ValueLayout.JAVA_BYTE));
      plan.write(place, all);
    }
  }
}
