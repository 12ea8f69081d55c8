package io.solebox.engine.schedule;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.cache.SequenceMemory;
import io.solebox.engine.draft.Guess;
import java.util.Arrays;
import java.util.Optional;

/**
 * One sequence on its way through the engine loop, which alone touches it: its ids so far, how many
 * of them are computed, and who waits for it.
 */
final class Sequence {
  private final SequenceMemory memory;
  private final Work work;
  private int[] ids;
  private int length;
  private int computed;
  private Optional<Integer> ahead = Optional.empty(); // as its owner was told

  Sequence(int[] prompt, Work work, SequenceMemory memory) {
    this.ids = Arrays.copyOf(prompt, prompt.length + 16);
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
    computed = memory.matchPrefix(ids, Math.min(length - 1, work.reusablePrefix()));
    if (!memory.reserve(computed, length)) {
      release();
      return false;
    }
    work.started(computed);
    return true;
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

  /** How many of the next {@code n} tokens a step should compute; at least one of any. */
  int cut(int n) {
    return memory.cut(n, length);
  }

  /** Makes room for {@code n} more positions; false when a pool is empty. */
  boolean grow(int n) {
    return memory.grow(computed + n);
  }

  /** {@code n} more positions were computed, and what lies behind them was guessed wrongly. */
  void advance(int n) {
    computed += n;
    memory.shrink(length);
    memory.advance(ids, computed);
    work.computed(computed, length);
  }

  /** Gives its memory back; everything must be computed again. */
  void release() {
    memory.release();
    computed = 0;
  }
}
