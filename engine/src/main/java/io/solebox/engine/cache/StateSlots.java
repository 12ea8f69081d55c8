package io.solebox.engine.cache;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;

/**
 * A plan's places for recurrent state.
 *
 * @param count places, of sequences and of snapshots
 * @param interval positions from one snapshot in the middle of a long prompt to the next, whole
 *     blocks
 * @param copier brings what one place holds to another
 */
public record StateSlots(int count, int interval, Copier copier) {
  /** So far apart at least: what is saved must be worth the place. */
  private static final int LEAST_INTERVAL = 1024;

  /** Copies on the device. */
  @FunctionalInterface
  public interface Copier {
    void copy(int from, int to);
  }

  /** Those of a plan: the longest prompt leaves one sequence's share of the snapshots. */
  public static StateSlots of(Plan plan, Limits limits) {
    int share = Math.max(1, plan.slots() / limits.maxSequences() - 1);
    int blocks = limits.maxSequenceTokens() / share / KvBlocks.TOKENS;
    int interval = Math.max(LEAST_INTERVAL, blocks * KvBlocks.TOKENS);
    return new StateSlots(plan.slots(), interval, plan::copySlot);
  }
}
