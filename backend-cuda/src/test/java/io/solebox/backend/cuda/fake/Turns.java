package io.solebox.backend.cuda.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Several kernels of which one runs at a time, in turn: each until it waits or has ended. The same
 * order at every run.
 */
final class Turns {
  private final List<Semaphore> turns = new ArrayList<>();
  private final List<Boolean> ended = new ArrayList<>(); // by whoever has the turn

  private Turns(int count) {
    for (int i = 0; i < count; i++) {
      turns.add(new Semaphore(i == 0 ? 1 : 0));
      ended.add(false);
    }
  }

  /**
   * Runs all to their ends.
   *
   * @param kernels are given a way to let the others run
   */
  static void take(List<Consumer<Interpreter.Waiting>> kernels) {
    var turns = new Turns(kernels.size());
    var work = new ArrayList<Callable<Void>>();
    for (int i = 0; i < kernels.size(); i++) {
      int index = i;
      work.add(() -> turns.run(index, kernels.get(index)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(kernels.size())) {
      for (Future<Void> future : threads.invokeAll(work)) {
        future.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Void run(int index, Consumer<Interpreter.Waiting> kernel) {
    turns.get(index).acquireUninterruptibly();
    try {
      kernel.accept(() -> giveWay(index));
    } finally {
      ended.set(index, true);
      pass(index);
    }
    return null;
  }

  private void giveWay(int index) {
    pass(index);
    turns.get(index).acquireUninterruptibly();
  }

  /** To the next that has not ended, which may be this one. */
  private void pass(int index) {
    for (int step = 1; step <= turns.size(); step++) {
      int next = (index + step) % turns.size();
      if (!ended.get(next)) {
        turns.get(next).release();
        return;
      }
    }
  }
}
