package io.solebox.engine.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides what the next step computes: one token of every sequence that is generating, then prompt
 * chunks, until the budgets of tokens and of rows are used up. When memory runs out somebody gives
 * its own back and is computed again later. Who comes first is the policy's word. Owned by the
 * engine loop.
 */
final class Scheduler {
  /**
   * A piece of a sequence in the next step: {@code tokens} ids from {@code sequence.computed()} on.
   */
  record Chunk(Sequence sequence, int tokens) {}

  private final SchedulerPolicy policy;
  private final int maxSequences;
  private final int maxTokens;
  private final int maxRows;
  private final List<Sequence> waiting = new ArrayList<>(); // without memory
  private final List<Sequence> running = new ArrayList<>(); // in the order of their admission
  private long preemptions;

  /**
   * @param maxSequences in a step
   * @param maxTokens of a step, whatever its budget
   * @param maxRows of a step
   */
  Scheduler(SchedulerPolicy policy, int maxSequences, int maxTokens, int maxRows) {
    this.policy = policy;
    this.maxSequences = maxSequences;
    this.maxTokens = maxTokens;
    this.maxRows = maxRows;
  }

  void add(Sequence sequence) {
    waiting.addLast(sequence);
  }

  boolean isIdle() {
    return waiting.isEmpty() && running.isEmpty();
  }

  int runningCount() {
    return running.size();
  }

  int waitingCount() {
    return waiting.size();
  }

  long preemptions() {
    return preemptions;
  }

  /** All sequences, running and waiting. */
  List<Sequence> all() {
    var all = new ArrayList<>(running);
    all.addAll(waiting);
    return all;
  }

  /** Takes out a sequence that is done, and frees its memory. */
  void remove(Sequence sequence) {
    sequence.release();
    running.remove(sequence);
    waiting.remove(sequence);
  }

  /** Plans the next step; empty only when there is nothing to do. */
  List<Chunk> schedule(int budget) {
    var step = new Step(budget);
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.uncomputed() == 1 && running.contains(sequence)) {
        step.add(sequence);
      }
    }
    for (Sequence sequence : List.copyOf(policy.prefill(running))) {
      if (sequence.uncomputed() > 1 && running.contains(sequence)) {
        step.add(sequence);
      }
    }
    while (step.tokensLeft > 0 && !waiting.isEmpty() && running.size() < maxSequences) {
      // Letting it in by halves would only make it the next to be preempted.
      Sequence next = policy.admission(waiting).getFirst();
      if (!step.hasRoom(next) || !next.begin()) {
        break;
      }
      waiting.remove(next);
      running.add(next);
      step.add(next);
    }
    tellWaiting();
    return step.chunks;
  }

  private void tellWaiting() {
    if (!waiting.isEmpty()) {
      List<Sequence> order = policy.admission(waiting);
      for (int ahead = 0; ahead < order.size(); ahead++) {
        order.get(ahead).waits(ahead);
      }
    }
  }

  /** The step that is being put together. */
  private final class Step {
    private final List<Chunk> chunks = new ArrayList<>();
    private int tokensLeft;
    private int rowsLeft = maxRows;

    private Step(int budget) {
      tokensLeft = budget;
    }

    /** Adds as much of a running sequence as the budgets and the memory allow. */
    void add(Sequence sequence) {
      int n = tokens(sequence);
      if (n > 0 && makeRoom(sequence, n)) {
        chunks.add(new Chunk(sequence, n));
        tokensLeft -= n;
        rowsLeft -= rows(sequence, n);
        policy.scheduled(sequence, n);
      }
    }

    boolean hasRoom(Sequence sequence) {
      return !sequence.work().isWhole() || tokens(sequence) > 0;
    }

    private int tokens(Sequence sequence) {
      int all = sequence.uncomputed();
      if (sequence.work().isWhole()) {
        // What cannot be cut may exceed a budget that is smaller than the largest step, alone.
        int room = chunks.isEmpty() ? maxTokens : tokensLeft;
        return all <= room && rows(sequence, all) <= rowsLeft ? all : 0;
      }
      // A sequence that is generating takes its token in any case.
      int n = sequence.cut(all == 1 ? 1 : Math.min(all, Math.max(0, tokensLeft)));
      return Math.max(0, n - Math.max(0, rows(sequence, n) - rowsLeft));
    }

    private int rows(Sequence sequence, int n) {
      int from = sequence.computed();
      return sequence.work().rows(from, from + n, sequence.length());
    }

    /** Gets memory for {@code n} more tokens, from others if it must, or gives up its own. */
    private boolean makeRoom(Sequence sequence, int n) {
      while (!sequence.grow(n)) {
        Sequence victim = policy.victim(running);
        preempt(victim);
        if (victim == sequence) {
          return false;
        }
      }
      return true;
    }

    private void preempt(Sequence sequence) {
      chunks.removeIf(chunk -> chunk.sequence() == sequence);
      running.remove(sequence);
      sequence.release();
      waiting.addFirst(sequence);
      preemptions++;
    }
  }
}
