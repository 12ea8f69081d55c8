package io.solebox.engine.schedule;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.cache.SequenceMemory;
import io.solebox.engine.draft.Guess;
import io.solebox.engine.spill.SpillStore;
import java.util.Arrays;
import java.util.Optional;

/**
 * One sequence on its way through the engine loop, which alone touches it: its ids so far, how many
 * of them are computed, and who waits for it.
 */
final class Sequence {
  private final SequenceMemory memory;
  private final Work work;
  private int prompt; // ids of it
  private int[] ids;
  private int length;
  private int computed;
  private int underway; // positions behind them that steps compute now
  private boolean begun;
  private boolean hasMemory;
  private int served; // positions that were computed, or found, at any time
  private int servedBefore; // those of them from before it had its memory this time
  private int found; // by the cache, when it got its memory this time
  private Optional<Integer> ahead = Optional.empty(); // as its owner was told

  Sequence(int[] prompt, Work work, SequenceMemory memory) {
    this.ids = Arrays.copyOf(prompt, prompt.length + 16);
    this.prompt = prompt.length;
    this.length = prompt.length;
    this.work = work;
    this.memory = memory;
  }

  Work work() {
    return work;
  }

  /** Where its memory is, for a step. */
  Batch.Sequence view() {
    return memory.view();
  }

  /** Ids known so far, prompt and answer. */
  int length() {
    return length;
  }

  int id(int position) {
    return ids[position];
  }

  /** All ids by position, of which those before {@link #length} are known; not to be changed. */
  int[] ids() {
    return ids;
  }

  /** Positions that are in its memory. */
  int computed() {
    return computed;
  }

  int uncomputed() {
    return length - computed;
  }

  /** Whether all that it needs is its next token. */
  boolean isGenerating() {
    return uncomputed() == 1;
  }

  /** Positions in steps that are under way; it may not lose its memory while there are any. */
  int underway() {
    return underway;
  }

  /** The first position that no step has begun to compute. */
  int reached() {
    return computed + underway;
  }

  /** Ids that no step has begun to compute. */
  int left() {
    return length - reached();
  }

  /**
   * Whether a step may begin before those that are under way for it have ended: more of a prompt
   * that is still wanted.
   */
  boolean mayRunAhead() {
    return left() > 0 && memory.mayRunAhead() && !work.isDone() && !isUnwanted();
  }

  /** Whether its owner has gone, or it comes too late. */
  boolean isUnwanted() {
    return work.isCancelled() || isLate();
  }

  boolean isLate() {
    return work.deadlineNanos().filter(end -> System.nanoTime() - end > 0).isPresent();
  }

  /** Whether it has its memory, and runs. */
  boolean hasMemory() {
    return hasMemory;
  }

  /** Whether it ever had its memory. */
  boolean hasBegun() {
    return begun;
  }

  /** Positions of the next {@code n} that were never computed before. */
  int fresh(int n) {
    return Math.max(0, reached() + n - Math.max(served, reached()));
  }

  /** Those of them that are of the prompt. */
  int freshPrompt(int n) {
    return Math.max(0, Math.min(reached() + n, prompt) - Math.max(served, reached()));
  }

  /** Positions of the prompt that are still to be computed for the first time. */
  int promptLeft() {
    return Math.max(0, prompt - Math.max(served, begun ? computed : cached()));
  }

  /** Positions that it got on since it has its memory. */
  int progress() {
    return served - servedBefore;
  }

  /** Positions that are computed again since it gave its memory back. */
  int repeated() {
    return servedBefore - found;
  }

  /** Blocks that it holds. */
  int blocks() {
    return memory.blocks();
  }

  /** Whether there would be room for it if others gave back so many blocks. */
  boolean fits(int freed) {
    return memory.fits(length, freed);
  }

  private int cached() {
    return memory.knownPrefix(ids, reusable());
  }

  private int reusable() {
    return Math.min(length - 1, work.reusablePrefix());
  }

  void append(int id) {
    ensure(length + 1);
    ids[length++] = id;
  }

  /**
   * Writes guessed ids behind the known ones, for the next step.
   *
   * @return false, and it is as if there were no guess, when there is no memory for them
   */
  boolean guess(Guess guess) {
    if (!grow(1 + guess.size())) {
      memory.shrink(length);
      return false;
    }
    ensure(length + guess.size());
    for (int i = 0; i < guess.size(); i++) {
      ids[length + i] = guess.id(i);
    }
    return true;
  }

  private void ensure(int size) {
    if (size > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size, 2 * length));
    }
  }

  /**
   * Begins, or begins again after a preemption, with what the prefix cache has, if there is room
   * for all of it.
   */
  boolean begin() {
    computed = memory.matchPrefix(ids, reusable());
    if (!memory.reserve(computed, length)) {
      release();
      return false;
    }
    begun = true;
    hasMemory = true;
    found = computed;
    served = Math.max(served, computed);
    servedBefore = served;
    work.started(computed, length);
    return true;
  }

  /** Brings back what it goes on from and lay elsewhere; nothing is computed before that. */
  SpillStore.Outcome restore() {
    return memory.restore();
  }

  /** It waits, and so many others are before it. */
  void waits(int others) {
    if (ahead.isEmpty() || isNews(ahead.get(), others)) {
      ahead = Optional.of(others);
      work.queued(others);
    }
  }

  /** Whether an owner who was told {@code told} is to be woken: not by each of a long queue. */
  private static boolean isNews(int told, int others) {
    return others > told || 4L * others <= 3L * told && others != told;
  }

  /**
   * Leaves ids out, and is then what a new one would be whose prompt are the others. It must have
   * no memory: what stands there belongs to the places that the ids had.
   *
   * @param from position of the first of them
   * @param count how many; at least the last id stays
   */
  void drop(int from, int count) {
    System.arraycopy(ids, from + count, ids, from, length - from - count);
    length -= count;
    memory.forgetIds();
    prompt = length;
    begun = false;
    served = 0;
    servedBefore = 0;
    found = 0;
    ahead = Optional.empty();
  }

  /** How many of the next {@code n} tokens a step should compute; at least one of any. */
  int cut(int n) {
    return memory.cut(n, length);
  }

  /** Makes room for {@code n} more positions; false when a pool is empty. */
  boolean grow(int n) {
    return memory.grow(reached() + n);
  }

  /** {@code n} more positions are about to be computed. */
  void begins(int n) {
    memory.overwrites(reached(), reached() + n);
    underway += n;
  }

  /** A step with {@code n} positions has ended; what it brought is said with {@link #advance}. */
  void ends(int n) {
    underway -= n;
  }

  /** {@code n} more positions were computed, and what lies behind them was guessed wrongly. */
  void advance(int n) {
    computed += n;
    served = Math.max(served, computed);
    memory.shrink(length);
    memory.advance(ids, computed);
    work.computed(computed, length);
  }

  /** Gives its memory back; everything must be computed again. */
  void release() {
    memory.release();
    hasMemory = false;
    underway = 0;
    computed = 0;
  }
}
