package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.cache.BlockPool;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.sample.Sampler;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one thread of a loaded model: schedules, runs the plan, hands out results. It alone touches
 * sequences and blocks, so there are no locks; others reach it through its inbox. Never waits for a
 * client.
 */
public final class EngineLoop implements AutoCloseable {
  private sealed interface Message {
    record Add(int[] prompt, Work work) implements Message {}

    /** Somebody closed a generation; look for it. */
    record Look() implements Message {}

    record Stop() implements Message {}
  }

  private final Plan plan;
  private final Outputs outputs;
  private final BlockPool pool;
  private final Scheduler scheduler;
  private final StepBudget budget;
  private final LinkedBlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile LoopStats stats;

  /**
   * Starts the thread.
   *
   * @param plan run by this loop alone; closed by the caller after this loop
   * @param stepTokens largest step
   */
  public EngineLoop(String name, Plan plan, Outputs outputs, int maxSequences, int stepTokens) {
    this.plan = plan;
    this.outputs = outputs;
    this.pool = new BlockPool(plan.kvBlocks());
    this.scheduler = new Scheduler(maxSequences);
    this.budget = new StepBudget(stepTokens);
    this.stats = currentStats();
    this.thread = Thread.ofPlatform().name("engine-loop-" + name).daemon().start(this::run);
  }

  /**
   * Queues an answer to {@code prompt}.
   *
   * @param stopIds that end it
   * @param contextTokens the longest sequence
   * @param vocab V
   */
  public Generation submit(
      int[] prompt, SamplingParams params, Set<Integer> stopIds, int contextTokens, int vocab) {
    var generation = new QueuedGeneration(this::look);
    var sampler = new Sampler(params, prompt, vocab, ThreadLocalRandom.current().nextLong());
    add(prompt, new AnswerWork(prompt, params, sampler, stopIds, contextTokens, generation));
    return generation;
  }

  /**
   * Hands out the logits of the positions from {@code from} on, and waits for the last of them.
   *
   * @param maxChunk rows that the plan can answer in one step for one sequence
   */
  public void logits(int[] ids, int from, LogitsSink sink, int maxChunk)
      throws InterruptedException {
    var work = new LogitsWork(from, ids.length, sink, maxChunk);
    add(ids, work);
    try {
      work.result().get();
    } catch (InterruptedException e) {
      work.result().cancel(false);
      look();
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    }
  }

  /** Queues a sequence; refused work is failed with {@code CLOSED}. */
  void add(int[] prompt, Work work) {
    inbox.add(new Message.Add(prompt, work));
    if (closed) {
      failInbox(); // the loop may have emptied it for the last time already
    }
  }

  void look() {
    inbox.add(new Message.Look());
  }

  public LoopStats stats() {
    return stats;
  }

  private void run() {
    boolean stopping = false;
    while (!stopping) {
      stopping = receive();
      dropCancelled();
      if (!stopping && !scheduler.isIdle()) {
        step();
      }
      stats = currentStats();
    }
    closed = true;
    scheduler.all().forEach(s -> s.work().failed(closedError()));
    failInbox();
  }

  /** Takes all messages, waiting for one when there is nothing else to do; true to stop. */
  private boolean receive() {
    try {
      Message message = scheduler.isIdle() ? inbox.take() : inbox.poll();
      while (message != null) {
        switch (message) {
          case Message.Add(var prompt, var work) -> scheduler.add(new Sequence(prompt, work, pool));
          case Message.Look _ -> {}
          case Message.Stop _ -> {
            return true;
          }
        }
        message = inbox.poll();
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void dropCancelled() {
    for (Sequence sequence : scheduler.all()) {
      if (sequence.work().isCancelled()) {
        retire(sequence);
        sequence.work().cancelled();
      }
    }
  }

  private void step() {
    var step = new StepBatch(scheduler.schedule(budget.tokens()));
    try {
      long begin = System.nanoTime();
      plan.run(step.batch(), outputs);
      budget.ran(step.batch().size(), System.nanoTime() - begin);
      step.deliver(outputs);
    } catch (RuntimeException | Error e) {
      failAll(e);
      return;
    }
    for (Sequence sequence : step.sequences()) {
      if (sequence.work().isDone()) {
        retire(sequence);
        sequence.work().finished();
      }
    }
  }

  /** Frees a sequence's blocks, visibly, before its owner hears that it has ended. */
  private void retire(Sequence sequence) {
    scheduler.remove(sequence);
    stats = currentStats();
  }

  /** A step that broke leaves the cache in doubt: every answer fails, and the loop starts clean. */
  private void failAll(Throwable cause) {
    SoleboxException error = describe(cause);
    for (Sequence sequence : scheduler.all()) {
      retire(sequence);
      sequence.work().failed(error);
    }
    pool.forgetContents();
  }

  private static SoleboxException describe(Throwable cause) {
    return switch (cause) {
      case SoleboxException e -> e;
      // What the JVM makes of a bus error: mapped pages that the file no longer has.
      case InternalError e ->
          new SoleboxException(
              ErrorCode.MODEL_FILE_CHANGED,
              "",
              "The model file was cut short or its storage failed while it was in use.",
              "Load the model again, with --no-mmap if the storage cannot be trusted.",
              e);
      default ->
          new SoleboxException(
              ErrorCode.INTERNAL_ERROR,
              "",
              "A step of the engine failed: " + cause,
              "Please report this.",
              cause);
    };
  }

  private void failInbox() {
    for (Message message = inbox.poll(); message != null; message = inbox.poll()) {
      if (message instanceof Message.Add(_, var work)) {
        work.failed(closedError());
      }
    }
  }

  private static SoleboxException closedError() {
    return new SoleboxException(ErrorCode.CLOSED, "", "The model was unloaded.", "Load it again.");
  }

  private LoopStats currentStats() {
    return new LoopStats(
        scheduler.runningCount(),
        scheduler.waitingCount(),
        pool.used(),
        pool.cached(),
        pool.size(),
        scheduler.preemptions());
  }

  /** Fails what is running with {@code CLOSED} and waits for the thread to end. */
  @Override
  public void close() {
    inbox.add(new Message.Stop());
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
