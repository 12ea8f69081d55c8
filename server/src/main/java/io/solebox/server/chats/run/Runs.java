package io.solebox.server.chats.run;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.answers.DetachedAnswer;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.State;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The answers of chats that are computed now, each in a thread of its own: whoever looks at one may
 * leave and come back. The end of the server breaks them off, and they say so afterwards. Safe for
 * many threads.
 */
public final class Runs implements AutoCloseable {
  /** By which the same is asked for over a connection. */
  public static final String PATH = "/v1/chat/completions";

  /** So often a model is heard in one answer without a person's word. */
  private static final int MAX_ROUNDS = 16;

  private final Models models;
  private final Faults faults;
  private final Observers observers;
  private final Asks asks;
  private final Watcher watcher;
  private final Map<String, Run> running = new ConcurrentHashMap<>();
  private final EndedLogs ended = new EndedLogs();
  private volatile boolean closed;

  /** Reads what is asked for. */
  @FunctionalInterface
  public interface Asks {
    /**
     * @throws Problem 400 if it cannot be asked for
     */
    AnswerRequest read(Map<String, Object> body, Models.Use use) throws InterruptedException;
  }

  /** Hears of answers that are over, in their threads. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * @param message as it is kept
     */
    void ended(Order order, Message message);
  }

  public Runs(Models models, Faults faults, Observers observers, Asks asks, Watcher watcher) {
    this.models = models;
    this.faults = faults;
    this.observers = observers;
    this.asks = asks;
    this.watcher = watcher;
  }

  /** What is told of an answer that the end of a server has broken off. */
  public static Map<String, Object> serverEnded() {
    return Teller.ordered(
        "code",
        "server_ended",
        "message",
        "The server ended while this was written. What it had said until then is kept.",
        "remedy",
        "Let it go on from there, or ask again.");
  }

  /**
   * Begins, and waits until the answer is accepted.
   *
   * @param use of the model; closed when the answer is over, or refused
   * @return the answer as it begins
   * @throws Problem if it is refused; then nothing is kept of it
   */
  public Message begin(Order order, Models.Use use) throws InterruptedException {
    if (closed) {
      use.close();
      throw Problem.draining();
    }
    Run run = new Run(order);
    use.onLoad(run::loading);
    Thread thread = Thread.ofVirtual().name("chat").unstarted(() -> run(run, use));
    run.startedBy(thread);
    ended.forget(order.answer().id()); // it may be one that goes on
    if (running.putIfAbsent(order.answer().id(), run) != null) {
      use.close();
      throw Problem.of(409, "still_running", "This answer is being written already.");
    }
    thread.start();
    try {
      return run.accepted().get();
    } catch (ExecutionException e) {
      throw faults.problem(e.getCause(), "");
    }
  }

  private void run(Run run, Models.Use use) {
    Order order = run.order();
    try (use) {
      Message over = computed(run, use);
      order.store().update(order.owner(), order.chat(), over);
      leave(run, over);
    } catch (RuntimeException | Error e) {
      Problem problem = faults.problem(e, ""); // it was refused, or could not be kept
      order.item().notes().failed(problem.code());
      if (!run.accepted().completeExceptionally(problem)) {
        Message failed = run.over(State.FAILED, Optional.empty()).with("error", Run.error(problem));
        leave(run, failed);
      }
    } finally {
      remove(run);
      run.log().end();
    }
  }

  /** Before its end is told it runs no more; whoever comes between hears the end from its log. */
  private void leave(Run run, Message over) {
    ended.add(run.order().owner(), run.order().answer().id(), run.log());
    remove(run);
    watcher.ended(run.order(), over); // who hears of the end finds its chat as it is then
    Optional.ofNullable(over.about().get("error"))
        .ifPresent(error -> run.log().add("error", Teller.ordered("error", error)));
    run.log().add("end", Teller.ordered("message", over.json()));
    observers.worked(run.order().item(), isWell(over) ? 200 : 500, over.text().length());
  }

  private static boolean isWell(Message over) {
    return over.state() == State.DONE || over.state() == State.WAITING;
  }

  /**
   * @return as it ended
   * @throws Problem if it is refused
   */
  private Message computed(Run run, Models.Use use) {
    try {
      return whole(run, use);
    } catch (InterruptedException e) {
      if (!run.isAccepted()) {
        throw Problem.draining();
      }
      return broken(run, Problem.draining());
    } catch (RuntimeException | Error e) {
      Problem problem = faults.problem(e, "");
      if (!run.isAccepted()) {
        throw problem;
      }
      return broken(run, problem);
    }
  }

  /** The model says something, tools do what it asked for, and it goes on, until it is done. */
  private Message whole(Run run, Models.Use use) throws InterruptedException {
    run.lookUp();
    CallWork calls = new CallWork(run);
    if (calls.hasApproved()) {
      run.accept(); // a person has said so: it is done before the model goes on
      calls.doApproved();
    }
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Said said = said(run, use);
      if (said.reason() != AnswerEvent.Reason.TOOL_CALLS || run.order().tools().names().isEmpty()) {
        return run.done(said.usage(), said.reason());
      }
      run.step(said.usage());
      if (run.message().hasUndecided()) {
        return run.waiting();
      }
      calls.doApproved();
    }
    return run.over(State.FAILED, Optional.empty()).with("error", tooManyRounds());
  }

  /** What a model has said at once. */
  private record Said(AnswerUsage usage, AnswerEvent.Reason reason) {}

  private Said said(Run run, Models.Use use) throws InterruptedException {
    run.requireWanted();
    Order order = run.order();
    AnswerRequest asked = asks.read(order.asking().body(run.message()), use);
    AnswerRequest request = asked.withTerms(asked.terms().boundBy(order.terms(), PATH));
    AtomicReference<AnswerEvent.Reason> reason = new AtomicReference<>(AnswerEvent.Reason.STOP);
    try (DetachedAnswer answer = DetachedAnswer.submit(List.of(request), models, faults)) {
      run.accept();
      AnswerUsage usage = run.follow(request, answer, reason::set);
      return new Said(usage, reason.get());
    }
  }

  private static Map<String, Object> tooManyRounds() {
    return Teller.ordered(
        "code",
        "too_many_rounds",
        "message",
        "The model has called tools %d times without a break, and was ended.".formatted(MAX_ROUNDS),
        "remedy",
        "Let it go on from there, or ask for less at once.");
  }

  private Message broken(Run run, Problem problem) {
    Thread.interrupted(); // it has served its end, and what is said is still to be kept
    Optional<Run.Ending> ending = run.ending();
    if (ending.isEmpty()) {
      run.order().item().notes().failed(problem.code());
      return run.over(State.FAILED, Optional.empty()).with("error", Run.error(problem));
    }
    return switch (ending.get()) {
      case STOPPED -> run.over(State.STOPPED, Optional.empty());
      case SERVER_ENDS -> run.over(State.FAILED, Optional.empty()).with("error", serverEnded());
    };
  }

  private Optional<Run> found(String owner, String message) {
    return Optional.ofNullable(running.get(message))
        .filter(run -> run.order().owner().equals(owner) && run.isAccepted());
  }

  /**
   * What happens to an answer that is computed now, or was a moment ago.
   *
   * @param after the number of the last event that the reader has
   * @return empty where nothing is known but how it ended
   */
  public Optional<AnswerLog> log(String owner, String message, long after) {
    return found(owner, message).map(Run::log).or(() -> ended.find(owner, message, after));
  }

  /** An answer was changed: what happened to it is no longer what it says. */
  public void changed(String message) {
    ended.forget(message);
  }

  /** Forgets what is there for late readers alone. */
  public void forgetOld() {
    ended.forgetOld();
  }

  /** An answer that is computed now, as far as it is. */
  public Optional<Message> message(String owner, String message) {
    return found(owner, message).map(Run::message);
  }

  /** Whether an answer of a chat is computed now. */
  public boolean isRunning(String chat) {
    return running.values().stream()
        .anyMatch(run -> run.isAccepted() && run.order().chat().equals(chat));
  }

  /** Of somebody. */
  public List<Order> of(String owner) {
    return running.values().stream()
        .filter(run -> run.isAccepted() && run.order().owner().equals(owner))
        .map(Run::order)
        .toList();
  }

  /** Waits until nobody waits for an answer. */
  void awaitIdle() throws InterruptedException {
    synchronized (running) {
      while (!running.isEmpty()) {
        running.wait();
      }
    }
  }

  private void remove(Run run) {
    synchronized (running) {
      running.remove(run.order().answer().id());
      running.notifyAll();
    }
  }

  /**
   * Ends one early, and waits until that is kept.
   *
   * @return whether it was running
   */
  public boolean stop(String owner, String message) throws InterruptedException {
    Optional<Run> found = found(owner, message);
    if (found.isPresent()) {
      found.get().end(Run.Ending.STOPPED);
      found.get().join();
    }
    return found.isPresent();
  }

  /** The same for all of a chat. */
  public void stopAll(String owner, String chat) throws InterruptedException {
    for (Order order : of(owner)) {
      if (order.chat().equals(chat)) {
        stop(owner, order.answer().id());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    running.values().forEach(run -> run.end(Run.Ending.SERVER_ENDS));
    for (Run run : running.values()) {
      try {
        run.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
