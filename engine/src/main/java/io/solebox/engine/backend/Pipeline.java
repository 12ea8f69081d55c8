package io.solebox.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Steps on their way through stages. Each stage has a thread, and in each the parts of steps follow
 * one another as they were begun, so that what a stage keeps is as if steps ran one by one. Owns
 * the threads, and between them room for all steps under way.
 */
final class Pipeline implements AutoCloseable {
  /** A step until its last part has left. */
  private record Step(int row, AtomicInteger partsLeft, Underway end) {}

  /** Its rows of each hand-over begin with {@code row}. */
  private record Part(Step step, Batch batch, int row, Outputs outputs) {}

  private final List<Plan> stages;
  private final HandOvers handOvers;
  private final List<StageThread> threads;
  private final Queue<Integer> free = new ConcurrentLinkedQueue<>(); // first rows
  private final AtomicInteger underway = new AtomicInteger();
  private final StageTimes times;

  /** What the first step to fail failed with, and all fail that are under way with it. */
  private final AtomicReference<Optional<Throwable>> broken =
      new AtomicReference<>(Optional.empty());

  /**
   * @param stages in the order of the layers
   * @param maxStepTokens T of the largest step
   * @param width E
   */
  Pipeline(List<Plan> stages, int maxStepTokens, int width) {
    this.stages = stages;
    this.handOvers = new HandOvers(stages, stages.size() * maxStepTokens, width);
    for (int i = 0; i < stages.size(); i++) {
      free.add(i * maxStepTokens);
    }
    this.times = new StageTimes(stages.size());
    this.threads = IntStream.range(0, stages.size()).mapToObj(StageThread::new).toList();
  }

  /**
   * Begins a step.
   *
   * @param parts of it, in order
   * @throws IllegalStateException when as many steps are under way as there are stages
   */
  Underway begin(List<MicroBatch> parts, Outputs outputs) {
    Integer row = free.poll();
    if (row == null) {
      throw new IllegalStateException("more than %d steps at once".formatted(stages.size()));
    }
    if (underway.getAndIncrement() == 0) {
      broken.set(Optional.empty());
    }
    var step = new Step(row, new AtomicInteger(parts.size()), new Underway());
    for (MicroBatch part : parts) {
      int own = row + part.firstToken();
      var next = new Part(step, part.batch(), own, outputs.from(part.firstRow()));
      threads.getFirst().add(() -> pass(next, 0));
    }
    return step.end();
  }

  private void pass(Part part, int stage) {
    if (broken.get().isEmpty()) {
      try {
        run(part, stage);
      } catch (Throwable e) {
        broken.compareAndSet(Optional.empty(), Optional.of(e));
      }
    }
    if (broken.get().isEmpty() && stage + 1 < stages.size()) {
      threads.get(stage + 1).add(() -> pass(part, stage + 1));
    } else if (part.step().partsLeft().decrementAndGet() == 0) {
      leave(part.step());
    }
  }

  private void run(Part part, int stage) {
    Batch given = handOvers.given(part.batch(), stage, part.row());
    Outputs left = handOvers.left(part.outputs(), stage, part.row());
    long begin = System.nanoTime();
    stages.get(stage).run(given, left);
    int sequences = given.sequences().size();
    if (sequences == given.size()) {
      times.ran(stage, sequences, System.nanoTime() - begin);
    }
  }

  /** What the stages take for steps of one token of each sequence. */
  StageTimes times() {
    return times;
  }

  private void leave(Step step) {
    Optional<Throwable> failure = broken.get();
    free.add(step.row());
    underway.decrementAndGet();
    failure.ifPresentOrElse(step.end()::fail, step.end()::end);
  }

  /**
   * Has something done with the plan of each stage, before the next part that it computes; returns
   * when all have done it.
   *
   * @param work that touches no place that a step under way writes
   */
  void inEachStage(Consumer<Plan> work) {
    var all = new ArrayList<Underway>();
    for (int i = 0; i < stages.size(); i++) {
      Plan stage = stages.get(i);
      all.add(threads.get(i).ask(() -> work.accept(stage)));
    }
    all.forEach(Underway::awaitAnyEnd);
    all.forEach(Underway::await);
  }

  HandOvers handOvers() {
    return handOvers;
  }

  /** Ends the threads, when no step is under way. */
  @Override
  public void close() {
    threads.forEach(StageThread::close);
    handOvers.close();
  }
}
