package io.solebox.app.smoke;

import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The same trial on several cards at the same time, each on a thread of its own. */
final class AllAtOnce {
  private AllAtOnce() {}

  /** What became of a card's trial. */
  sealed interface Outcome<T> {
    record Done<T>(TriedCard card, T result) implements Outcome<T> {}

    record Failed<T>(TriedCard card, SoleboxException why) implements Outcome<T> {}
  }

  /** In the order of the cards. */
  static <T> List<Outcome<T>> on(List<TriedCard> cards, Function<TriedCard, T> trial)
      throws InterruptedException {
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<Outcome<T>>> futures =
          cards.stream().map(card -> threads.submit(() -> tried(card, trial))).toList();
      List<Outcome<T>> outcomes = new ArrayList<>();
      for (Future<Outcome<T>> each : futures) {
        outcomes.add(each.get());
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a trial failed in a way that none should", e.getCause());
    }
  }

  private static <T> Outcome<T> tried(TriedCard card, Function<TriedCard, T> trial) {
    try {
      return new Outcome.Done<>(card, trial.apply(card));
    } catch (SoleboxException e) {
      return new Outcome.Failed<>(card, e);
    }
  }
}
