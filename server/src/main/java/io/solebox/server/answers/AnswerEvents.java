package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.AnswerStream;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.generation.GenerationRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What is sent for one request: its prompt, if that is wanted, and its answer. Owned by one thread,
 * save for {@link #close()}.
 */
final class AnswerEvents implements AutoCloseable {
  private final AnswerRequest request;
  private final Optional<AnswerStream> answer;
  private final CallGuard calls;

  /** What comes before the answer. */
  private final Deque<AnswerEvent> ready = new ArrayDeque<>();

  private boolean echoDue;
  private long echoedChars;
  private boolean closed; // guarded by this
  private Optional<Thread> scoring = Optional.empty(); // guarded by this

  private AnswerEvents(AnswerRequest request, Optional<AnswerStream> answer) {
    this.request = request;
    this.answer = answer;
    this.calls = new CallGuard(request.calls(), () -> answer.ifPresent(AnswerStream::close));
    this.echoDue = request.echo().isPresent();
  }

  /**
   * Queues the answer.
   *
   * @param listener through whom its tokens come
   * @throws io.solebox.engine.error.SoleboxException as the engine says
   */
  static AnswerEvents submit(AnswerRequest request, UnaryOperator<Generation> listener) {
    boolean none = request.echo().map(AnswerRequest.Echo::alone).orElse(false);
    return new AnswerEvents(
        request, none ? Optional.empty() : Optional.of(stream(request, listener)));
  }

  private static AnswerStream stream(AnswerRequest request, UnaryOperator<Generation> listener) {
    GenerationRequest generation =
        request
            .terms()
            .request(
                request.prompt().ids(), request.params(), request.constraint().map(Supplier::get));
    GenerationRequest fitting = request.fit().shift().map(generation::withShift).orElse(generation);
    LoadedModel model = request.model();
    return new AnswerStream(
        listener.apply(model.submit(fitting)),
        model.tokenizer(),
        request.stops(),
        request.prompt(),
        request.tools());
  }

  /**
   * As {@link AnswerStream#next()}; the end of an answer that was cancelled is always {@link
   * Reason#CANCELLED}.
   */
  Optional<AnswerEvent> next() throws InterruptedException {
    if (echoDue) {
      echoDue = false;
      echo();
    }
    if (!ready.isEmpty() || answer.isEmpty()) {
      return Optional.ofNullable(ready.poll()).map(this::cancelled);
    }
    Optional<AnswerEvent> event = answer.get().next();
    while (event.isPresent()) {
      Optional<AnswerEvent> passed = calls.pass(event.get());
      if (passed.isPresent()) {
        return passed.map(this::shifted).map(this::cancelled);
      }
      event = answer.get().next();
    }
    return Optional.empty();
  }

  private void echo() throws InterruptedException {
    String text = request.echo().orElseThrow().text();
    List<Token> scores = scores();
    if (!isCancelled()) {
      ready.addAll(scores);
      ready.add(new Text(text));
    }
    echoedChars = text.length();
    if (answer.isEmpty()) {
      int tokens = request.prompt().ids().length;
      ready.add(new End(Reason.LENGTH, new Usage(tokens, 0, 0, 0, 0, 0)));
    }
  }

  private AnswerEvent shifted(AnswerEvent event) {
    return switch (event) {
      case Token token -> new Token(token.id(), token.offset() + echoedChars, token.logprobs());
      case Part part -> part;
      case AnswerEvent.Progress progress -> progress;
      case End end -> end;
    };
  }

  private AnswerEvent cancelled(AnswerEvent event) {
    return event instanceof End end && isCancelled()
        ? new End(Reason.CANCELLED, end.usage())
        : event;
  }

  private List<Token> scores() throws InterruptedException {
    if (request.params().logprobs().isEmpty() || !beginScoring()) {
      return List.of();
    }
    try {
      return PromptScores.of(
          request.model(),
          request.prompt().ids(),
          request.params().logprobs().getAsInt(),
          request.terms().requester());
    } catch (InterruptedException e) {
      if (isCancelled()) {
        return List.of();
      }
      throw e;
    } finally {
      endScoring();
    }
  }

  private synchronized boolean beginScoring() {
    scoring = Optional.of(Thread.currentThread());
    return !closed;
  }

  private synchronized void endScoring() {
    scoring = Optional.empty();
    if (closed) {
      Thread.interrupted(); // it came from close, perhaps after the last score
    }
  }

  private synchronized boolean isCancelled() {
    return closed;
  }

  /** Cancels what still runs. May be called from any thread. */
  @Override
  public synchronized void close() {
    answer.ifPresent(AnswerStream::close);
    if (!closed) {
      closed = true;
      scoring.ifPresent(Thread::interrupt);
    }
  }
}
