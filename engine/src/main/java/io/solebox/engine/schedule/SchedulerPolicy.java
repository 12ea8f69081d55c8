package io.solebox.engine.schedule;

import java.util.List;

/**
 * Whose turn it is. Called by the scheduler of one engine loop, on its thread, so it may keep books
 * without locks.
 */
interface SchedulerPolicy {
  /** It is queued. */
  void arrived(Sequence sequence);

  /**
   * It has its memory, and goes on after what the cache had of it.
   *
   * @param first whether it never had any before
   */
  void admitted(Sequence sequence, boolean first);

  /** It has ended, or its owner has gone. */
  void left(Sequence sequence);

  /** A step is about to be put together for these. */
  void begin(List<Sequence> running, List<Sequence> waiting);

  /**
   * All of them in the order in which they get tokens of a step, and in which those who wait are
   * let in. Those that generate before the first prompt have their token whatever the budget.
   *
   * @param running in the order of their admission
   * @param waiting in the order of their arrival; those who had to give their memory back first
   */
  List<Sequence> order(List<Sequence> running, List<Sequence> waiting);

  /**
   * The most tokens that it may have of the step now, whatever the budget; what is computed whole
   * or not at all is not held to it.
   */
  int most(Sequence sequence);

  /**
   * So many tokens of it will be computed in the step.
   *
   * @param tokens fewer than none when some are taken out again
   */
  void scheduled(Sequence sequence, int tokens);

  /**
   * Who gives way to one that waits and is first in order, while the step's sequences or memory are
   * used up; as many of them as it takes, the first first.
   *
   * @param running in the order of their admission
   */
  List<Sequence> yielding(Sequence next, List<Sequence> running);

  /**
   * Who gives its memory back when one that runs needs more.
   *
   * @param running in the order of their admission, not empty
   */
  Sequence victim(List<Sequence> running);
}
