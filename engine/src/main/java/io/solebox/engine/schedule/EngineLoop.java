package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.LoopStats;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a loaded model: schedules, runs the plan, hands out results. It alone touches
 * sequences and their memory, so there are no locks; others reach it through its inbox. Never waits
 * for a client.
 *
 * <p>Where a plan has several steps under way, it goes on while they are: whoever comes may begin,
 * and who has a part in one is left alone until that has ended.
 *
 * <p>An exception of a step fails the answers that run, and the loop goes on with an empty cache.
 * An {@link Error}, or a device that is lost, ends it for good, and everybody hears so who asks it
 * for anything.
 */
final class EngineLoop implements AutoCloseable {
  /** A deadline passes unseen for so long at most while the device rests. */
  private static final long LOOK_NANOS = 100_000_000;

  private final Plan plan;
  private final SequencePools pools;
  private final PrefixKeeper keeper;
  private final Scheduler scheduler;
  private final Speculator speculator;
  private final Pacing pacing;
  private final Steps steps;
  private final LinkedBlockingQueue<LoopMessage> inbox = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile Optional<SoleboxException> ended = Optional.empty();
  private volatile LoopStats stats;
  private Optional<SoleboxException> trouble = Optional.empty();
  private boolean goesOn; // a step has begun or ended, and there may be more of that at once

  /**
   * Starts the thread.
   *
   * @param plan run by this loop alone; closed by the caller after this loop
   * @param outputs one for each step that may be under way at once
   * @param budget of steps
   * @param pacing of them
   */
  EngineLoop(
      String name,
      Plan plan,
      List<Outputs> outputs,
      SequencePools pools,
      Scheduler scheduler,
      Speculator speculator,
      StepBudget budget,
      Pacing pacing) {
    this.plan = plan;
    this.pools = pools;
    this.keeper = new PrefixKeeper(pools);
    this.scheduler = scheduler;
    this.speculator = speculator;
    this.pacing = pacing;
    this.steps = new Steps(plan, outputs, pools, keeper, scheduler, speculator, budget, pacing);
    this.stats = currentStats();
    this.thread = Thread.ofPlatform().name("engine-loop-" + name).daemon().start(this::run);
  }

  /** Queues a sequence; work that comes too late fails with why the loop has ended. */
  void add(int[] prompt, Work work) {
    inbox.add(new LoopMessage.Add(prompt, work));
    ended.ifPresent(this::failInbox); // the loop may have emptied it for the last time already
  }

  /** Where the time of a step at this position goes; fails while answers run. */
  Future<Optional<StepProfile>> profile(int position) {
    var result = new CompletableFuture<Optional<StepProfile>>();
    inbox.add(new LoopMessage.Profile(position, result));
    ended.ifPresent(this::failInbox);
    return result;
  }

  void look() {
    inbox.add(new LoopMessage.Look());
  }

  LoopStats stats() {
    return stats;
  }

  /** Why nothing is answered any more; empty while it runs. */
  Optional<SoleboxException> ended() {
    return ended;
  }

  private void run() {
    SoleboxException why;
    try {
      Optional<SoleboxException> stop = receive();
      while (stop.isEmpty()) {
        dropCancelled();
        dropExpired();
        step();
        stats = currentStats();
        stop = receive();
      }
      why = stop.get();
    } catch (Throwable e) {
      why = StepFailure.describe(e);
      trouble = Optional.of(why);
    }
    steps.abandon();
    ended = Optional.of(why);
    stats = currentStats();
    boolean isWell = why.code() == ErrorCode.CLOSED;
    for (Sequence sequence : scheduler.all()) {
      sequence.work().failed(why);
    }
    failInbox(why);
    if (isWell) {
      save(keeper::saveLast); // nobody waits any more, but whoever closes it
    }
  }

  private void save(Runnable saving) {
    try {
      saving.run();
    } catch (RuntimeException e) {
      trouble = Optional.of(StepFailure.describe(e));
    }
    stats = currentStats();
  }

  /** Takes all messages, waiting for one when there is nothing else to do; why to stop. */
  private Optional<SoleboxException> receive() {
    try {
      LoopMessage message = scheduler.isIdle() ? take() : poll();
      while (message != null) {
        switch (message) {
          case LoopMessage.Add(var prompt, var work) ->
              scheduler.add(new Sequence(prompt, work, pools.newSequence(work.variant())));
          case LoopMessage.Profile(var position, var result) -> profile(position, result);
          case LoopMessage.Look _ -> {}
          case LoopMessage.Stop(var why) -> {
            return Optional.of(why);
          }
        }
        message = inbox.poll();
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      return Optional.of(closedError());
    }
  }

  private LoopMessage take() throws InterruptedException {
    Optional<Duration> patience = keeper.patience();
    if (patience.isPresent()) {
      LoopMessage message = inbox.poll(patience.get().toNanos(), TimeUnit.NANOSECONDS);
      if (message != null) {
        return message;
      }
      save(() -> keeper.saveWhile(inbox::isEmpty));
    }
    return inbox.take();
  }

  /**
   * Where the device rests, or nothing can be computed before a disk answers or a step that is
   * under way has ended, nobody hurries.
   */
  private LoopMessage poll() throws InterruptedException {
    if (goesOn) {
      return inbox.poll();
    }
    long rest = pacing.restNanos(System.nanoTime());
    if (rest > 0) {
      return inbox.poll(Math.min(rest, LOOK_NANOS), TimeUnit.NANOSECONDS);
    }
    if (pools.isBusy()) {
      return inbox.poll(1, TimeUnit.MILLISECONDS);
    }
    return steps.isEmpty() ? inbox.poll() : inbox.poll(LOOK_NANOS, TimeUnit.NANOSECONDS);
  }

  private void profile(int position, CompletableFuture<Optional<StepProfile>> result) {
    try {
      result.complete(steps.profile(position));
    } catch (RuntimeException e) {
      result.completeExceptionally(StepFailure.describe(e));
    } finally {
      pools.forgetContents();
    }
  }

  /** All of whom no step is under way; others come back with theirs. */
  private List<Sequence> atHand() {
    return scheduler.all().stream().filter(sequence -> sequence.underway() == 0).toList();
  }

  private void dropCancelled() {
    for (Sequence sequence : atHand()) {
      if (sequence.work().isCancelled()) {
        retire(sequence);
        sequence.work().cancelled();
      }
    }
  }

  private void dropExpired() {
    for (Sequence sequence : atHand()) {
      if (sequence.isLate()) {
        retire(sequence);
        sequence.work().failed(StepFailure.tooLate());
      }
    }
  }

  /** Begins a step if one may begin, and hands out what has ended. */
  private void step() {
    List<Sequence> ended;
    try {
      goesOn = mayBegin() && steps.begin(this::look);
      ended = steps.end();
      goesOn |= !ended.isEmpty();
    } catch (RuntimeException e) {
      goesOn = true;
      fail(StepFailure.describe(e));
      return;
    }
    ended.stream().filter(sequence -> sequence.underway() == 0).forEach(this::settle);
  }

  /** It is under way no more, and may have come to its end. */
  private void settle(Sequence sequence) {
    if (sequence.work().isDone()) {
      noteTrouble(sequence.work());
      retire(sequence);
      sequence.work().finished();
    } else {
      sequence.work().shift(sequence.length()).ifPresent(shift -> drop(sequence, shift));
    }
  }

  private boolean mayBegin() {
    return !scheduler.isIdle() && !steps.isFull() && pacing.restNanos(System.nanoTime()) == 0;
  }

  /**
   * A step has failed. Where a device is lost that ends the loop, and whoever hears of the failure
   * finds that it has: a model that is asked for then is loaded again, on what is there.
   */
  private void fail(SoleboxException why) {
    steps.abandon();
    Optional<SoleboxException> loss = plan.loss();
    if (loss.isPresent()) {
      ended = loss;
    }
    failAll(why);
    if (loss.isPresent()) {
      throw loss.get();
    }
  }

  /**
   * The context of a sequence is full. What stays is computed again, as the prompt of one that
   * comes now, and counts as such in its user's share: so the answer goes on as it would behind
   * that prompt, whatever the model keeps of a sequence.
   */
  private void drop(Sequence sequence, ContextShift shift) {
    retire(sequence);
    sequence.drop(shift.keep(), shift.discard());
    sequence.work().shifted(shift.discard());
    scheduler.add(sequence);
  }

  private void noteTrouble(Work work) {
    if (work.failure().isEmpty()) {
      trouble = Optional.empty();
    } else if (work.failure().get() instanceof SoleboxException e
        && e.code() == ErrorCode.NON_FINITE) {
      trouble = Optional.of(e);
    }
  }

  /** Frees a sequence's memory, visibly, before its owner hears that it has ended. */
  private void retire(Sequence sequence) {
    scheduler.remove(sequence);
    speculator.forget(sequence);
    stats = currentStats();
  }

  /** A step that broke leaves the cache in doubt: every answer fails, and the loop starts clean. */
  private void failAll(SoleboxException error) {
    trouble = Optional.of(error);
    List<Sequence> all = scheduler.all();
    all.forEach(this::retire);
    pools.forgetEverything();
    speculator.forgetContents();
    stats = currentStats();
    all.forEach(sequence -> sequence.work().failed(error)); // and may see that
  }

  private void failInbox(SoleboxException why) {
    for (LoopMessage message = inbox.poll(); message != null; message = inbox.poll()) {
      message.fail(why);
    }
  }

  private static SoleboxException closedError() {
    return new SoleboxException(
        ErrorCode.CLOSED, "", "The model was unloaded.", "Ask for it again to load it.");
  }

  private LoopStats currentStats() {
    return new LoopStats(
        scheduler.runningCount(),
        scheduler.waitingCount(),
        pools.used(),
        pools.cached(),
        pools.size(),
        scheduler.preemptions(),
        speculator.drafted(),
        speculator.accepted(),
        pools.spill(),
        trouble);
  }

  /** Fails what is running with {@code CLOSED} and waits for the thread to end. */
  @Override
  public void close() {
    end(closedError());
  }

  /** The same with another error. */
  void end(SoleboxException why) {
    inbox.add(new LoopMessage.Stop(why));
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
