package io.solebox.server.chats.run;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.answers.DetachedAnswer;
import io.solebox.server.answers.TokenParts;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.State;
import io.solebox.server.chats.store.Step;
import io.solebox.server.http.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One answer of a chat, while it is computed. It is accepted when its request turned out to be
 * sound, or its model has begun to load; before that nothing of it is kept. What is said is kept
 * about once a second, and at the end. Owned by its thread, save where it says else.
 */
final class Run {
  private static final Duration KEEP = Duration.ofSeconds(1);

  private final Order order;
  private final Draft draft;
  private final AnswerLog log;
  private final CompletableFuture<Message> accepted = new CompletableFuture<>();
  private long kept = System.nanoTime();
  private Optional<Thread> thread = Optional.empty(); // guarded by this, as below
  private Optional<DetachedAnswer> answer = Optional.empty();
  private Optional<Ending> ending = Optional.empty();

  /** Why somebody has ended it. */
  enum Ending {
    /** A person wants no more of it. */
    STOPPED,
    SERVER_ENDS
  }

  Run(Order order) {
    this.order = order;
    this.draft = new Draft(order.answer());
    this.log = new AnswerLog(() -> draft.message().json());
    order.answer().steps().forEach(step -> log.add("step", Teller.ordered("step", step.json())));
    if (!order.answer().reasoning().isEmpty()) {
      log.add("reasoning", Teller.ordered("text", order.answer().reasoning()));
    }
    if (!order.answer().text().isEmpty()) {
      log.add("text", Teller.ordered("text", order.answer().text()));
    }
  }

  Order order() {
    return order;
  }

  /** What happens to it. */
  AnswerLog log() {
    return log;
  }

  /** The message as it is now. From any thread. */
  Message message() {
    synchronized (log) {
      return draft.message();
    }
  }

  /** Done with the message when it is accepted, or exceptionally when it is refused. */
  CompletableFuture<Message> accepted() {
    return accepted;
  }

  boolean isAccepted() {
    return accepted.isDone() && !accepted.isCompletedExceptionally();
  }

  /** Looks up what it is to be based on, once. */
  void lookUp() throws InterruptedException {
    if (message().about().containsKey(Message.SOURCES)) {
      return; // it goes on
    }
    Optional<List<Map<String, Object>>> sources = order.sources().find();
    if (sources.isPresent()) {
      synchronized (log) {
        draft.basedOn(sources.get());
        log.add(Message.SOURCES, Teller.ordered(Message.SOURCES, sources.get()));
      }
    }
  }

  /** Its model loads. */
  void loading(String model, String stage, double fraction) {
    accept();
    log.add("load", Teller.ordered("model", model, "stage", stage, "fraction", fraction));
  }

  /** Keeps the messages; from here on what goes wrong is told in the answer. */
  void accept() {
    if (!accepted.isDone()) {
      order.begins().write();
      accepted.complete(order.answer());
    }
  }

  /** From now on it can be ended. */
  synchronized void startedBy(Thread its) {
    thread = Optional.of(its);
  }

  /** Ends it early. From any thread. */
  synchronized void end(Ending why) {
    if (ending.isEmpty()) {
      ending = Optional.of(why);
      if (answer.isPresent()) {
        answer.get().cancel();
      } else {
        thread.ifPresent(Thread::interrupt);
      }
    }
  }

  private synchronized void answering(DetachedAnswer its) {
    answer = Optional.of(its);
    if (ending.isPresent()) {
      its.cancel();
    }
  }

  synchronized Optional<Ending> ending() {
    return ending;
  }

  /** Waits until it is over. */
  void join() throws InterruptedException {
    Optional<Thread> its;
    synchronized (this) {
      its = thread;
    }
    if (its.isPresent()) {
      its.get().join();
    }
  }

  /**
   * @throws InterruptedException if somebody has ended it
   */
  synchronized void requireWanted() throws InterruptedException {
    if (ending.isPresent()) {
      throw new InterruptedException();
    }
  }

  /** Takes the answer to its end. */
  AnswerUsage follow(AnswerRequest request, DetachedAnswer its, Consumer<AnswerEvent.Reason> reason)
      throws InterruptedException {
    answering(its);
    Optional<TokenParts> parts =
        request.params().logprobs().isPresent()
            ? Optional.of(new TokenParts(request.model().tokenizer()))
            : Optional.empty();
    synchronized (log) {
      draft.answeredBy(request.modelName(), parts.isPresent());
    }
    Teller teller = new Teller(log, parts);
    AnswerUsage usage =
        its.each(
            (_, event) -> {
              take(event, teller);
              if (event instanceof AnswerEvent.End end) {
                reason.accept(end.reason());
              }
            });
    answered();
    return usage;
  }

  /** Who ends it from now on ends what its thread does. */
  private synchronized void answered() {
    answer = Optional.empty();
  }

  /** The model has called tools: what it said becomes a step. */
  void step(AnswerUsage usage) {
    Map<String, Object> told = new LinkedHashMap<>();
    Optional<Map<String, Object>> receipt = usage.receipt();
    synchronized (log) {
      told.put("usage", draft.usage(Optional.of(usage.sum())));
      receipt.ifPresent(its -> told.put("receipt", its));
      Step step = draft.step(told, name -> order.tools().needsQuestion(order.chat(), name));
      log.add("step", Teller.ordered("step", step.json()));
    }
    order.store().update(order.owner(), order.chat(), message());
  }

  /** A call is further than it was; returns when that is kept. */
  void keep(Call call) {
    synchronized (log) {
      draft.put(call);
    }
    order.store().update(order.owner(), order.chat(), message());
    log.add("called", Teller.ordered("call", call.json()));
  }

  /** A person is to say what may be done. */
  Message waiting() {
    synchronized (log) {
      return draft.message().withState(State.WAITING);
    }
  }

  private void take(AnswerEvent event, Teller teller) {
    synchronized (log) { // so that what a reader is told of is what has been said
      draft.add(event);
      teller.tell(event);
    }
    if (System.nanoTime() - kept > KEEP.toNanos()) {
      order.store().update(order.owner(), order.chat(), message());
      kept = System.nanoTime();
    }
  }

  /** It is complete. */
  Message done(AnswerUsage usage, AnswerEvent.Reason reason) {
    Message done =
        over(State.DONE, Optional.of(usage.sum()))
            .with("finish", reason.name().toLowerCase(Locale.ROOT));
    Optional<Map<String, Object>> receipt = usage.receipt();
    return receipt.isPresent() ? done.with("receipt", receipt.get()) : done;
  }

  /** It ends before it is complete. */
  Message over(State state, Optional<Usage> usage) {
    synchronized (log) {
      return draft.message().endedEarly(state).with("usage", draft.usage(usage));
    }
  }

  /** What went wrong, as messages have it. */
  static Map<String, Object> error(Problem problem) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", problem.code());
    error.put("message", problem.getMessage());
    error.putAll(problem.details());
    return error;
  }
}
