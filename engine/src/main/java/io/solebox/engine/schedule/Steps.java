package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.backend.Underway;
import io.solebox.engine.cache.SequencePools;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a loop: puts them together, has as many under way as the plan can have at once, and
 * hands out what they bring in the order in which they began. A sequence that is generating is in
 * one of them at most, since its next id is not known before that has ended; of a prompt, more may
 * follow. Owned by the engine loop.
 */
final class Steps {
  private record Flight(StepBatch step, Outputs outputs, long begin, Underway underway) {}

  private final Plan plan;
  private final List<Outputs> outputs;
  private final SequencePools pools;
  private final PrefixKeeper keeper;
  private final Scheduler scheduler;
  private final Speculator speculator;
  private final StepBudget budget;
  private final Pacing pacing;
  private final Deque<Outputs> free = new ArrayDeque<>();
  private final Deque<Flight> flights = new ArrayDeque<>(); // the oldest first
  private long lastEnd = System.nanoTime();

  /**
   * @param outputs one for each step that may be under way at once
   * @param budget of steps
   * @param pacing of them
   */
  Steps(
      Plan plan,
      List<Outputs> outputs,
      SequencePools pools,
      PrefixKeeper keeper,
      Scheduler scheduler,
      Speculator speculator,
      StepBudget budget,
      Pacing pacing) {
    this.plan = plan;
    this.outputs = List.copyOf(outputs);
    this.pools = pools;
    this.keeper = keeper;
    this.scheduler = scheduler;
    this.speculator = speculator;
    this.budget = budget;
    this.pacing = pacing;
    this.free.addAll(outputs);
  }

  /** Whether none is under way. */
  boolean isEmpty() {
    return flights.isEmpty();
  }

  /** Whether no more can be under way. */
  boolean isFull() {
    return free.isEmpty();
  }

  /**
   * Begins one, if there is anything that can be computed now.
   *
   * @param told hears of its end, unless that has come already; on another thread
   * @throws RuntimeException as {@link Plan#run}
   */
  boolean begin(Runnable told) {
    // Copies what sequences go on from.
    pools.beginStep();
    List<Scheduler.Chunk> chunks = scheduler.schedule(room());
    if (chunks.isEmpty()) {
      return false;
    }
    var step = new StepBatch(speculator.extend(chunks, pacing.tokens(budget.tokens())));
    step.begin();
    Outputs its = free.remove();
    long begin = System.nanoTime();
    its.begin();
    Underway underway = plan.begin(step.batch(), its);
    flights.add(new Flight(step, its, begin, underway));
    if (!underway.hasEnded()) {
      underway.whenEnded(told);
    }
    return true;
  }

  /**
   * What the next one may have. All that are under way share a budget, since each waits for those
   * before it; and while another can begin at once, prompts are left for that one, so that next ids
   * need not wait for them.
   */
  private Scheduler.Room room() {
    int underway = flights.stream().mapToInt(flight -> flight.step().batch().size()).sum();
    int tokens = pacing.tokens(budget.tokens(underway));
    return new Scheduler.Room(tokens, answers(), free.size() > 1);
  }

  /** The most sequences that are generating: all, or a share where that is sooner for all. */
  private int answers() {
    int all = scheduler.generatingCount();
    int steps = outputs.size() == 1 ? 1 : Math.min(outputs.size(), plan.decodeSteps(all));
    return Math.ceilDiv(all, steps);
  }

  /**
   * Hands out what the oldest has brought, if it has ended.
   *
   * @return the sequences that had a part in it
   * @throws RuntimeException as {@link Plan#run}
   */
  List<Sequence> end() {
    Flight flight = flights.peek();
    if (flight == null || !flight.underway().hasEnded()) {
      return List.of();
    }
    flight.underway().await();
    flights.remove();
    long now = System.nanoTime();
    // Of what passed while the one before it was still under way, nothing is its own.
    long nanos = Math.min(now - flight.begin(), now - lastEnd);
    lastEnd = now;
    int tokens = flight.step().batch().size();
    pacing.ran(nanos, now);
    budget.ran(tokens, nanos);
    pools.ran(tokens, nanos);
    keeper.computed();
    flight.step().deliver(flight.outputs());
    speculator.ran(nanos);
    free.add(flight.outputs());
    return flight.step().sequences();
  }

  /** Waits until none is under way, and hands nothing out. */
  void abandon() {
    flights.forEach(flight -> flight.underway().awaitAnyEnd());
    flights.clear();
    free.clear();
    free.addAll(outputs);
  }

  /**
   * A step of nobody's token, to be looked at.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} while answers run
   */
  Optional<StepProfile> profile(int position) {
    return ProfileStep.run(plan, scheduler, position, outputs.getFirst());
  }
}
