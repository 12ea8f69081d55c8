package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/** The answers to one request, while they run. Owned by one thread, save for {@link #cancel()}. */
final class RunningAnswers implements AutoCloseable {
  /** Takes what happens to a choice. */
  @FunctionalInterface
  interface Taker {
    void take(int choice, AnswerEvent event);
  }

  private final List<AnswerEvents> answers = new ArrayList<>();
  private final List<Models.Place> places = new ArrayList<>();
  private final List<AnswerRequest> requests;
  private final AnswerRequest first;
  private final Models models;
  private final Faults faults;

  private Optional<SignedAnswers> signed = Optional.empty();

  private RunningAnswers(List<AnswerRequest> requests, Models models, Faults faults) {
    this.requests = requests;
    this.first = requests.getFirst();
    this.models = models;
    this.faults = faults;
  }

  /**
   * Queues answers of one model.
   *
   * @throws Problem if one of them cannot be queued; then none is
   */
  static RunningAnswers submit(List<AnswerRequest> requests, Models models, Faults faults) {
    RunningAnswers running = new RunningAnswers(requests, models, faults);
    try {
      requests.forEach(request -> request.named().requireAnswers());
      running.signed = SignedAnswers.of(requests, models.receipts());
      for (int i = 0; i < requests.size(); i++) {
        running.places.add(models.enter(requests.get(i).named()));
        running.answers.add(running.submit(i));
      }
      return running;
    } catch (SoleboxException e) {
      running.close();
      throw running.failed(e);
    } catch (Problem e) {
      running.close();
      throw e;
    }
  }

  private AnswerEvents submit(int choice) {
    AnswerRequest request = requests.get(choice);
    return signed.isPresent()
        ? AnswerEvents.submit(signed.get().request(choice), signed.get().recorder(choice))
        : AnswerEvents.submit(request, UnaryOperator.identity());
  }

  /** What they take, to be counted as their events come. */
  AnswerUsage usage() {
    return new AnswerUsage(requests, () -> signed.map(SignedAnswers::receipt));
  }

  /**
   * Takes events until all answers are complete. Choices that run at the same time take turns, each
   * in its own order.
   *
   * @throws SoleboxException if one broke off
   */
  void each(Taker taker) throws InterruptedException {
    if (answers.size() == 1) {
      AnswerEvents only = answers.getFirst();
      for (var event = only.next(); event.isPresent(); event = only.next()) {
        take(0, event.get(), taker);
      }
    } else {
      merged(taker);
    }
    models.answered(first.named());
  }

  /** What comes of a choice: an event, its end, or why it broke off. */
  private record Item(int choice, Optional<AnswerEvent> event, Optional<Throwable> failure) {}

  private void merged(Taker taker) throws InterruptedException {
    LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();
    for (int i = 0; i < answers.size(); i++) {
      int choice = i;
      Thread.ofVirtual().name("choice").start(() -> read(choice, items));
    }
    int open = answers.size();
    while (open > 0) {
      Item item = items.take();
      if (item.failure().isPresent()) {
        cancel();
        throwUnchecked(item.failure().get());
      }
      item.event().ifPresent(event -> take(item.choice(), event, taker));
      open -= item.event().isPresent() ? 0 : 1;
    }
  }

  /** Who has all of his answer waits in front of nobody, however long he takes to read it. */
  private void take(int choice, AnswerEvent event, Taker taker) {
    if (event instanceof AnswerEvent.End end) {
      places.get(choice).close();
      signed.ifPresent(its -> its.ended(choice, end));
    }
    taker.take(choice, event);
  }

  /** Ends with the answer, at the latest when that is closed. */
  private void read(int choice, LinkedBlockingQueue<Item> items) {
    try {
      AnswerEvents events = answers.get(choice);
      for (var event = events.next(); event.isPresent(); event = events.next()) {
        items.add(new Item(choice, event, Optional.empty()));
      }
      items.add(new Item(choice, Optional.empty(), Optional.empty()));
    } catch (InterruptedException | RuntimeException | Error e) {
      items.add(new Item(choice, Optional.empty(), Optional.of(e)));
    }
  }

  private static void throwUnchecked(Throwable failure) throws InterruptedException {
    switch (failure) {
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** How many answers of others waited for the model when these came. */
  int ahead() {
    return places.getFirst().ahead();
  }

  /** From any thread. */
  void cancel() {
    answers.forEach(AnswerEvents::close);
  }

  Problem failed(SoleboxException e) {
    models.failed(first.named(), e);
    return faults.problem(e, first.promptParam());
  }

  @Override
  public void close() {
    cancel();
    places.forEach(Registration::close);
  }
}
