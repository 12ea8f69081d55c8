package io.solebox.server.openai;

import io.solebox.engine.answer.TextStream;
import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
import java.util.List;
import java.util.Optional;

/**
 * What is sent for one request: its prompt, if that is wanted, and its answer. Owned by one thread,
 * save for {@link #close()}.
 */
final class AnswerText implements AutoCloseable {
  private final AnswerRequest request;
  private final Optional<TextStream> answer;
  private boolean echoDue;
  private long echoedChars;
  private boolean closed; // guarded by this
  private Optional<Thread> scoring = Optional.empty(); // guarded by this

  private AnswerText(AnswerRequest request, Optional<TextStream> answer) {
    this.request = request;
    this.answer = answer;
    this.echoDue = request.echo().isPresent();
  }

  /**
   * Queues the answer.
   *
   * @throws io.solebox.engine.error.SoleboxException as the engine says
   */
  static AnswerText submit(AnswerRequest request) {
    boolean none = request.echo().map(AnswerRequest.Echo::alone).orElse(false);
    return new AnswerText(
        request,
        none
            ? Optional.empty()
            : Optional.of(
                new TextStream(
                    request.model().submit(request.prompt(), request.params()),
                    request.model().tokenizer(),
                    request.stops())));
  }

  /** As {@link TextStream#next()}. */
  Optional<Piece> next() throws InterruptedException {
    if (echoDue) {
      echoDue = false;
      Piece echoed = new Piece(request.echo().orElseThrow().text(), scores());
      echoedChars = echoed.text().length();
      return isCancelled() ? Optional.empty() : Optional.of(echoed);
    }
    return answer.isEmpty() ? Optional.empty() : answer.get().next().map(this::shifted);
  }

  private Piece shifted(Piece piece) {
    return echoedChars == 0
        ? piece
        : new Piece(
            piece.text(),
            piece.tokens().stream()
                .map(placed -> new PlacedToken(placed.token(), placed.offset() + echoedChars))
                .toList());
  }

  private List<PlacedToken> scores() throws InterruptedException {
    if (request.params().logprobs().isEmpty() || !beginScoring()) {
      return List.of();
    }
    try {
      return PromptScores.of(
          request.model(), request.prompt(), request.params().logprobs().getAsInt());
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

  /** Known when {@link #next()} has returned empty. */
  FinishReason finishReason() {
    if (isCancelled()) {
      return FinishReason.CANCELLED;
    }
    return answer.map(TextStream::finishReason).orElse(FinishReason.LENGTH);
  }

  /** Known when {@link #next()} has returned empty. */
  Usage usage() {
    return answer
        .map(TextStream::usage)
        .orElseGet(() -> new Usage(request.prompt().length, 0, 0, 0, 0, 0));
  }

  /** Cancels what still runs. May be called from any thread. */
  @Override
  public synchronized void close() {
    answer.ifPresent(TextStream::close);
    if (!closed) {
      closed = true;
      scoring.ifPresent(Thread::interrupt);
    }
  }
}
