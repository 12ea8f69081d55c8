package io.solebox.engine.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Decides what the next step computes: one token of every sequence that is generating, then prompt
 * chunks, oldest first, until the token budget is used up. When blocks run out, the youngest
 * sequence gives its own back and is computed again later. Owned by the engine loop.
 */
final class Scheduler {
  /**
   * A piece of a sequence in the next step: {@code tokens} ids from {@code sequence.computed()} on.
   */
  record Chunk(Sequence sequence, int tokens) {}

  private final int maxSequences;
  private final Deque<Sequence> waiting = new ArrayDeque<>(); // no blocks
  private final List<Sequence> running = new ArrayList<>(); // oldest first
  private long preemptions;

  Scheduler(int maxSequences) {
    this.maxSequences = maxSequences;
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

  /** Takes out a sequence that is done, and frees its blocks. */
  void remove(Sequence sequence) {
    sequence.release();
    running.remove(sequence);
    waiting.remove(sequence);
  }

  /** Plans the next step; empty only when there is nothing to do. */
  List<Chunk> schedule(int budget) {
    var chunks = new ArrayList<Chunk>();
    int left = budget;
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.uncomputed() == 1
          && running.contains(sequence)
          && reserve(sequence, 1, chunks)) {
        chunks.add(new Chunk(sequence, 1));
        left--;
      }
    }
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.uncomputed() > 1 && running.contains(sequence)) {
        left -= addChunk(sequence, left, chunks);
      }
    }
    while (left > 0 && !waiting.isEmpty() && running.size() < maxSequences) {
      int taken = admit(left, chunks);
      if (taken == 0) {
        break;
      }
      left -= taken;
    }
    return chunks;
  }

  private int addChunk(Sequence sequence, int budget, List<Chunk> chunks) {
    int n = Math.min(Math.min(sequence.uncomputed(), sequence.work().maxChunk()), budget);
    if (n <= 0 || !reserve(sequence, n, chunks)) {
      return 0;
    }
    chunks.add(new Chunk(sequence, n));
    return n;
  }

  /**
   * Lets the first waiting sequence in if its whole prompt fits what is available: letting it in by
   * halves would only make it the next to be preempted.
   */
  private int admit(int budget, List<Chunk> chunks) {
    Sequence sequence = waiting.getFirst();
    sequence.matchPrefix();
    if (!sequence.table().grow(sequence.length())) {
      sequence.release();
      return 0;
    }
    waiting.removeFirst();
    running.add(sequence);
    sequence.work().started();
    return addChunk(sequence, budget, chunks);
  }

  /** Gets blocks for {@code n} more tokens, preempting younger sequences, or gives up its own. */
  private boolean reserve(Sequence sequence, int n, List<Chunk> chunks) {
    while (!sequence.table().grow(sequence.computed() + n)) {
      Sequence youngest = running.getLast();
      preempt(youngest, chunks);
      if (youngest == sequence) {
        return false;
      }
    }
    return true;
  }

  private void preempt(Sequence sequence, List<Chunk> chunks) {
    chunks.removeIf(chunk -> chunk.sequence() == sequence);
    running.remove(sequence);
    sequence.release();
    waiting.addFirst(sequence);
    preemptions++;
  }
}
