package io.solebox.engine.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides what the next step computes: one token of every sequence that is generating, then prompt
 * chunks, until the budgets of tokens and of rows are used up. Whoever has a part in a step that is
 * under way has none in the next, unless that is more of a prompt, and keeps its memory. When
 * memory runs out somebody gives its own back and is computed again later. Who comes first is the
 * policy's word. Owned by the engine loop.
 */
final class Scheduler {
  /**
   * A piece of a sequence in the next step: {@code tokens} ids from {@code sequence.reached()} on.
   */
  record Chunk(Sequence sequence, int tokens) {}

  /**
   * What a step may have.
   *
   * @param tokens behind the first prompt
   * @param answers sequences that are generating
   * @param keepsApart whether next ids and prompts go in steps of their own
   */
  record Room(int tokens, int answers, boolean keepsApart) {}

  private final SchedulerPolicy policy;
  private final int maxSequences;
  private final int maxTokens;
  private final int maxRows;
  private final List<Sequence> waiting = new ArrayList<>(); // without memory
  private final List<Sequence> running = new ArrayList<>(); // in the order of their admission
  private boolean queueMoved; // since those who wait were told their places
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
    policy.arrived(sequence);
    waiting.addLast(sequence);
    queueMoved = true;
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
    policy.left(sequence);
    sequence.release();
    running.remove(sequence);
    queueMoved |= waiting.remove(sequence);
  }

  /** Sequences that are generating, whether a step is under way for them or not. */
  int generatingCount() {
    return (int) running.stream().filter(Sequence::isGenerating).count();
  }

  /** The same with nothing but a budget. */
  List<Chunk> schedule(int budget) {
    return schedule(new Room(budget, Integer.MAX_VALUE, false));
  }

  /**
   * Plans the next step; empty only when there is nothing to do, or when all that could be done
   * waits for what it goes on from, or for the end of steps that are under way.
   */
  List<Chunk> schedule(Room room) {
    policy.begin(running, waiting);
    var step = new Step(room);
    for (Sequence sequence : policy.order(running, waiting)) {
      step.visit(sequence);
    }
    tellWaiting();
    return step.chunks;
  }

  private void tellWaiting() {
    if (queueMoved) {
      List<Sequence> order = policy.order(List.of(), waiting);
      for (int ahead = 0; ahead < order.size(); ahead++) {
        order.get(ahead).waits(ahead);
      }
      queueMoved = false;
    }
  }

  /** The step that is being put together. */
  private final class Step {
    private final List<Chunk> chunks = new ArrayList<>();
    private final Set<Sequence> gone = new HashSet<>(); // gave their memory back for it
    private final boolean keepsApart;
    private int tokensLeft;
    private int answersLeft;
    private int rowsLeft = maxRows;
    private boolean hasPrompts; // behind which the budget counts
    private boolean isClosed; // to those who wait
    private boolean isPutOff; // until who is to give its memory back is under way no more

    private Step(Room room) {
      keepsApart = room.keepsApart();
      tokensLeft = room.tokens();
      answersLeft = room.answers();
    }

    /** Gives a sequence its tokens of the step, when it is its turn. */
    void visit(Sequence sequence) {
      boolean flies = sequence.underway() > 0;
      if (isPutOff || gone.contains(sequence) || flies && !sequence.mayRunAhead()) {
        return;
      }
      boolean waits = !sequence.hasMemory();
      boolean isPrompt = waits || !sequence.isGenerating();
      if (isPrompt ? keepsApart && hasAnswers() : answersLeft <= 0) {
        return; // to the next step
      }
      hasPrompts |= isPrompt;
      if (waits) {
        // Letting it in by halves would only make it the next to be preempted.
        isClosed = isClosed || tokensLeft <= 0 || tokens(sequence) <= 0 || !admit(sequence);
        if (isClosed) {
          return;
        }
      }
      add(sequence);
    }

    private boolean hasAnswers() {
      return chunks.stream().anyMatch(chunk -> chunk.sequence().isGenerating());
    }

    /** Lets in one that waits; true unless it has to wait on. */
    private boolean admit(Sequence next) {
      boolean first = !next.hasBegun();
      boolean begins = running.size() < maxSequences && next.begin();
      if (!begins) {
        List<Sequence> yielding = policy.yielding(next, running);
        int freed = yielding.stream().mapToInt(Sequence::blocks).sum();
        if (next.fits(freed)) {
          for (int i = 0; !begins && i < yielding.size() && preempt(yielding.get(i)); i++) {
            begins = next.begin();
          }
        }
      }
      if (begins) {
        waiting.remove(next);
        running.add(next);
        queueMoved = true;
        policy.admitted(next, first);
      }
      return begins;
    }

    /** Adds as much of a running sequence as the budgets and the memory allow. */
    private void add(Sequence sequence) {
      switch (sequence.restore()) {
        case DONE -> addTokens(sequence);
        case LATER -> {}
        case GONE -> takeOut(sequence); // it begins again with what is there
      }
    }

    private void addTokens(Sequence sequence) {
      int n = tokens(sequence);
      if (n > 0 && makeRoom(sequence, n)) {
        answersLeft -= sequence.isGenerating() ? 1 : 0;
        chunks.add(new Chunk(sequence, n));
        count(sequence, n);
      }
    }

    private void count(Sequence sequence, int n) {
      tokensLeft -= n;
      rowsLeft -= Integer.signum(n) * rows(sequence, Math.abs(n));
      policy.scheduled(sequence, n);
    }

    private int tokens(Sequence sequence) {
      int all = sequence.left();
      if (sequence.work().isWhole()) {
        // What cannot be cut may exceed a budget that is smaller than the largest step, alone.
        int room = chunks.isEmpty() ? maxTokens : tokensLeft;
        return all <= room && rows(sequence, all) <= rowsLeft ? all : 0;
      }
      int budget = hasPrompts ? Math.max(0, tokensLeft) : Integer.MAX_VALUE;
      int n = Math.min(all, Math.min(budget, policy.most(sequence)));
      n = n > 0 ? sequence.cut(n) : 0;
      return Math.max(0, n - Math.max(0, rows(sequence, n) - rowsLeft));
    }

    private int rows(Sequence sequence, int n) {
      int from = sequence.reached();
      return sequence.work().rows(from, from + n, sequence.length());
    }

    /** Gets memory for {@code n} more tokens, from others if it must, or gives up its own. */
    private boolean makeRoom(Sequence sequence, int n) {
      while (!sequence.grow(n)) {
        if (sequence.underway() > 0) {
          return false; // nobody loses anything that it may run ahead
        }
        isClosed = true; // what is given back is for those who run
        Sequence victim = policy.victim(running);
        if (!preempt(victim) || victim == sequence) {
          return false;
        }
      }
      return true;
    }

    /**
     * Has somebody give its memory back. Where that is under way nothing else begins before its
     * end, or it might always be: false then, and the step is empty.
     */
    private boolean preempt(Sequence sequence) {
      if (sequence.underway() > 0) {
        List.copyOf(chunks).forEach(this::takeBack);
        isPutOff = true;
        return false;
      }
      for (Chunk chunk : List.copyOf(chunks)) {
        if (chunk.sequence() == sequence) {
          takeBack(chunk);
        }
      }
      takeOut(sequence);
      preemptions++;
      return true;
    }

    private void takeBack(Chunk chunk) {
      chunks.remove(chunk);
      count(chunk.sequence(), -chunk.tokens());
    }

    private void takeOut(Sequence sequence) {
      running.remove(sequence);
      sequence.release();
      waiting.addFirst(sequence);
      gone.add(sequence);
      queueMoved = true;
    }
  }
}
