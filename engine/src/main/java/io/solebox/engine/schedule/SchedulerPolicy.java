package io.solebox.engine.schedule;

import java.util.List;

/**
 * Whose turn it is. Called by the scheduler of one engine loop, on its thread, so it may keep books
 * without locks.
 */
interface SchedulerPolicy {
  /**
   * Those who wait, in the order in which they are let in. Nobody passes the first.
   *
   * @param waiting in the order of their arrival; those who had to give their memory back first
   */
  List<Sequence> admission(List<Sequence> waiting);

  /**
   * Those whose prompts are being computed, in the order in which they get tokens of a step.
   *
   * @param running in the order of their admission
   */
  List<Sequence> prefill(List<Sequence> running);

  /**
   * Who gives its memory back when another needs more.
   *
   * @param running in the order of their admission, not empty
   */
  Sequence victim(List<Sequence> running);

  /** So many tokens of it will be computed in the next step. */
  void scheduled(Sequence sequence, int tokens);
}
