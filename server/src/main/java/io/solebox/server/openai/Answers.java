package io.solebox.server.openai;

import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.server.http.Api;
import io.solebox.server.http.ClientGoneException;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.models.Models;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs answers from their submission to their last byte. The generations end with the handler,
 * whatever happens; a client that goes away or a stop of the server end them earlier.
 */
final class Answers {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final Models models;
  private final Faults faults;
  private final Api.ProblemWriter problems;

  Answers(Models models, Faults faults, Api.ProblemWriter problems) {
    this.models = models;
    this.faults = faults;
    this.problems = problems;
  }

  /**
   * @param requests of one model, for the choices of one answer
   */
  void answer(List<AnswerRequest> requests, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    try (Running running = new Running()) {
      for (AnswerRequest request : requests) {
        running.submit(request);
      }
      if (requests.getFirst().stream()) {
        stream(requests.getFirst(), running, format, exchange);
      } else {
        whole(running, format, exchange);
      }
    }
  }

  /** The answers to one request. */
  private final class Running implements AutoCloseable {
    private final List<AnswerText> texts = new ArrayList<>();
    private final List<Registration> places = new ArrayList<>();
    private Optional<AnswerRequest> first = Optional.empty();

    void submit(AnswerRequest request) {
      first = first.or(() -> Optional.of(request));
      places.add(models.enter(request.named()));
      try {
        texts.add(AnswerText.submit(request));
      } catch (SoleboxException e) {
        throw failed(e);
      }
    }

    void cancel() {
      texts.forEach(AnswerText::close);
    }

    Problem failed(SoleboxException e) {
      models.failed(first.orElseThrow().named(), e);
      return faults.problem(e, first.orElseThrow().promptParam());
    }

    /** All of them together. */
    Usage usage() {
      models.answered(first.orElseThrow().named());
      return texts.stream().map(AnswerText::usage).reduce(Answers::sum).orElseThrow();
    }

    @Override
    public void close() {
      cancel();
      places.forEach(Registration::close);
    }
  }

  private static Usage sum(Usage a, Usage b) {
    return new Usage(
        a.promptTokens() + b.promptTokens(),
        a.cachedTokens() + b.cachedTokens(),
        a.completionTokens() + b.completionTokens(),
        Math.max(a.queueNanos(), b.queueNanos()),
        a.prefillNanos() + b.prefillNanos(),
        Math.max(a.decodeNanos(), b.decodeNanos()));
  }

  private void whole(Running running, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    List<AnswerFormat.Choice> choices = new ArrayList<>();
    Usage usage;
    try (Registration _ = exchange.cancelWith(running::cancel)) {
      for (AnswerText text : running.texts) {
        choices.add(choice(text, exchange));
      }
      usage = running.usage();
    } catch (SoleboxException e) {
      throw running.failed(e);
    }
    exchange.send(200, "application/json", format.whole(choices, usage));
  }

  private static AnswerFormat.Choice choice(AnswerText text, Exchange exchange)
      throws InterruptedException {
    StringBuilder all = new StringBuilder();
    List<PlacedToken> tokens = new ArrayList<>();
    for (Optional<Piece> piece = text.next(); piece.isPresent(); piece = text.next()) {
      all.append(piece.get().text());
      tokens.addAll(piece.get().tokens());
    }
    return new AnswerFormat.Choice(all.toString(), tokens, endOf(text, exchange));
  }

  private void stream(
      AnswerRequest request, Running running, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    try (EventStream events = exchange.startEvents();
        Registration _ = exchange.cancelWith(running::cancel)) {
      try {
        format.firstChunk().ifPresent(events::send);
        for (int i = 0; i < running.texts.size(); i++) {
          AnswerText text = running.texts.get(i);
          for (Optional<Piece> piece = text.next(); piece.isPresent(); piece = text.next()) {
            events.send(format.chunk(i, piece.get()));
          }
          events.send(format.lastChunk(i, endOf(text, exchange)));
        }
        Usage usage = running.usage();
        if (request.includeUsage()) {
          events.send(format.usageChunk(usage));
        }
        events.send(DONE);
      } catch (SoleboxException e) {
        // The status is sent; what is left is an event that clients take for an error.
        events.send(problems.write(running.failed(e)));
      } catch (Problem e) {
        events.send(problems.write(e));
      }
    }
  }

  /** Why the answer ended, unless it was ended from outside. */
  private static FinishReason endOf(AnswerText text, Exchange exchange) {
    return switch (text.finishReason()) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case CANCELLED -> {
        if (exchange.clientGone()) {
          throw new ClientGoneException();
        }
        throw Problem.draining();
      }
    };
  }
}
