package io.solebox.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import io.solebox.engine.answer.TextStream;
import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.server.error.ApiError;
import io.solebox.server.openai.AnswerFormat;
import io.solebox.server.openai.AnswerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs one answer from its submission to its last byte. The generation ends with the handler,
 * whatever happens; a client that goes away or a stop of the server end it earlier.
 */
final class Answers {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final InFlight inFlight;
  private final Errors errors;

  Answers(InFlight inFlight, Errors errors) {
    this.inFlight = inFlight;
    this.errors = errors;
  }

  void answer(AnswerRequest request, AnswerFormat format, ServerResponse response) {
    ClientWatch watch = ClientWatch.current();
    try (TextStream text = request.submit();
        Registration _ = watch.watch(text::close);
        Registration _ = inFlight.cancelWith(text::close)) {
      if (request.stream()) {
        stream(request, text, format, response, watch);
      } else {
        whole(text, format, response, watch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("interrupted", e);
    }
  }

  private static void whole(
      TextStream text, AnswerFormat format, ServerResponse response, ClientWatch watch)
      throws InterruptedException {
    StringBuilder all = new StringBuilder();
    List<PlacedToken> tokens = new ArrayList<>();
    for (Optional<Piece> piece = text.next(); piece.isPresent(); piece = text.next()) {
      all.append(piece.get().text());
      tokens.addAll(piece.get().tokens());
    }
    FinishReason reason = endOf(text, watch);
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(format.whole(all.toString(), tokens, reason, text.usage()));
  }

  private void stream(
      AnswerRequest request,
      TextStream text,
      AnswerFormat format,
      ServerResponse response,
      ClientWatch watch)
      throws InterruptedException {
    try (EventStream events = new EventStream(response)) {
      try {
        format.firstChunk().ifPresent(events::send);
        for (Optional<Piece> piece = text.next(); piece.isPresent(); piece = text.next()) {
          events.send(format.chunk(piece.get()));
        }
        events.send(format.lastChunk(endOf(text, watch)));
        if (request.includeUsage()) {
          events.send(format.usageChunk(text.usage()));
        }
        events.send(DONE);
      } catch (SoleboxException | ApiError e) {
        // The status is sent; what is left is an event that clients take for an error.
        events.send(errors.bytes(errors.of(e)));
      }
    }
  }

  /** Why the answer ended, unless it was ended from outside. */
  private static FinishReason endOf(TextStream text, ClientWatch watch) {
    return switch (text.finishReason()) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case CANCELLED -> {
        if (watch.gone()) {
          throw new CloseConnectionException("client has gone");
        }
        throw ApiError.draining();
      }
    };
  }
}
