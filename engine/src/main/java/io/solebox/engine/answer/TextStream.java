package io.solebox.engine.answer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.Generation.End;
import io.solebox.engine.generation.Generation.Event;
import io.solebox.engine.generation.Generation.Failed;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Prefilling;
import io.solebox.engine.generation.Generation.Queued;
import io.solebox.engine.generation.Generation.Token;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.tokenizer.StreamingDecoder;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An answer as text: decodes a {@link Generation}'s tokens, and ends it at stop strings, which may
 * begin and end inside tokens. Owned by one thread, save for {@link #close()}.
 *
 * <pre>{@code
 * try (TextStream answer = new TextStream(model.submit(ids, params), model.tokenizer(), stops)) {
 *   for (var piece = answer.next(); piece.isPresent(); piece = answer.next()) {
 *     print(piece.get().text());
 *   }
 *   report(answer.finishReason(), answer.usage());
 * }
 * }</pre>
 */
public final class TextStream implements AutoCloseable {
  /**
   * A part of the answer that will not change any more.
   *
   * @param text whole characters; empty only in a last piece that carries tokens without text
   * @param tokens those whose text begins in this piece; none of a stop string's
   */
  public record Piece(String text, List<PlacedToken> tokens) {}

  /**
   * A token of the answer.
   *
   * @param offset where its text begins in the answer, in UTF-16 units
   */
  public record PlacedToken(Token token, long offset) {}

  /** What comes next. */
  sealed interface Step {
    /** Nothing is said yet. */
    record Waits(AnswerEvent.Progress progress) implements Step {}

    record Said(Piece piece) implements Step {}

    record Ended() implements Step {}
  }

  private final Generation generation;
  private final Tokenizer tokenizer;
  private final StreamingDecoder decoder;
  private final Set<Integer> shown;
  private final StopMatcher stops;

  /** Tokens whose text is not released yet. */
  private final Deque<PlacedToken> waiting = new ArrayDeque<>();

  private long decodedChars;
  private long releasedChars;
  private int completionTokens;
  private int guessedTokens; // of them
  private Optional<End> end = Optional.empty();
  private Optional<SoleboxException> failure = Optional.empty();

  /**
   * @param generation closed by this stream
   * @param stops strings that end the answer and do not appear in it; none may be empty
   */
  public TextStream(Generation generation, Tokenizer tokenizer, List<String> stops) {
    this(generation, tokenizer, stops, Set.of());
  }

  /**
   * As the other, for readers who look for marks.
   *
   * @param shown special tokens that are not hidden, but part of the text
   */
  TextStream(Generation generation, Tokenizer tokenizer, List<String> stops, Set<Integer> shown) {
    for (String stop : stops) {
      if (stop.isEmpty()) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "stop",
            "A stop string must not be empty.",
            "Leave it out.");
      }
    }
    this.generation = generation;
    this.tokenizer = tokenizer;
    this.shown = Set.copyOf(shown);
    this.decoder = tokenizer.streamingDecoder(false);
    this.stops = new StopMatcher(stops);
  }

  /**
   * Waits for more text; empty when the answer is complete.
   *
   * @throws SoleboxException if the answer broke off, after what came before was returned
   */
  public Optional<Piece> next() throws InterruptedException {
    while (true) {
      switch (step()) {
        case Step.Waits _ -> {}
        case Step.Said(Piece piece) -> {
          return Optional.of(piece);
        }
        case Step.Ended _ -> {
          return Optional.empty();
        }
      }
    }
  }

  /** As {@link #next}, with what happens before the first token. */
  Step step() throws InterruptedException {
    while (end.isEmpty() && failure.isEmpty()) {
      Optional<Step> step = take(generation.next());
      if (step.isPresent()) {
        return step.get();
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return new Step.Ended();
  }

  private Optional<Step> take(Event event) {
    return switch (event) {
      case Queued(int ahead) -> Optional.of(new Step.Waits(new AnswerEvent.Waiting(ahead)));
      case Prefilling(int computed, int cached, int total) ->
          Optional.of(new Step.Waits(new AnswerEvent.Prefilling(computed, cached, total)));
      case Token token -> stops.matched() ? Optional.empty() : accept(token).map(Step.Said::new);
      case End last -> {
        end = Optional.of(stops.matched() ? stopped(last.usage()) : last);
        yield flush().map(Step.Said::new);
      }
      case Failed failed -> {
        failure = Optional.of(failed.error());
        yield flush().map(Step.Said::new);
      }
    };
  }

  private Optional<Piece> accept(Token token) {
    completionTokens++;
    guessedTokens += token.guessed() ? 1 : 0;
    waiting.add(new PlacedToken(token, decodedChars));
    String text =
        shown.contains(token.id())
            ? decoder.finish() + tokenizer.tokenText(token.id())
            : decoder.accept(token.id());
    decodedChars += text.length();
    String released = stops.accept(text);
    if (stops.matched()) {
      // What the loop runs past the stop string is skipped on the way to the generation's end.
      generation.close();
    }
    return release(released);
  }

  private End stopped(Usage usage) {
    return new End(
        FinishReason.STOP,
        new Usage(
            usage.promptTokens(),
            usage.cachedTokens(),
            completionTokens,
            usage.queueNanos(),
            usage.prefillNanos(),
            usage.decodeNanos(),
            usage.drafts().map(drafts -> new Drafts(drafts.drafted(), guessedTokens)),
            usage.droppedTokens()));
  }

  /** Everything that is left, if no stop string ended the answer. */
  private Optional<Piece> flush() {
    if (stops.matched()) {
      return Optional.empty();
    }
    String released = stops.accept(decoder.finish());
    if (stops.matched()) {
      end = end.map(last -> new End(FinishReason.STOP, last.usage()));
      return release(released);
    }
    released += stops.finish();
    List<PlacedToken> tokens = List.copyOf(waiting);
    waiting.clear();
    return released.isEmpty() && tokens.isEmpty()
        ? Optional.empty()
        : Optional.of(new Piece(released, tokens));
  }

  private Optional<Piece> release(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    releasedChars += text.length();
    List<PlacedToken> tokens = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.peek().offset() < releasedChars) {
      tokens.add(waiting.remove());
    }
    return Optional.of(new Piece(text, List.copyOf(tokens)));
  }

  /** Why the answer ended; known when {@link #next()} has returned empty. */
  public FinishReason finishReason() {
    return ended().reason();
  }

  /** What the answer took, up to its stop string; known when {@link #next()} returned empty. */
  public Usage usage() {
    return ended().usage();
  }

  /** The stop string that ended the answer, if one did. */
  public Optional<String> stop() {
    return stops.match();
  }

  private End ended() {
    return end.orElseThrow(() -> new IllegalStateException("the answer is not complete"));
  }

  /** Cancels the answer if it is still running. May be called from any thread. */
  @Override
  public void close() {
    generation.close();
  }
}
