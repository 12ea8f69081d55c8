package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.answer.call.Tools;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One answer as events, the last of which is its end. An answer with several choices is several of
 * these, each with a generation of its own. Owned by one thread, save for {@link #close()}.
 *
 * <pre>{@code
 * Prompt prompt = model.prompts().chat(input, clock);
 * try (AnswerStream answer = model.answer(prompt, params, stops, true)) {
 *   for (var event = answer.next(); event.isPresent(); event = answer.next()) {
 *     writer.write(event.get());
 *   }
 * }
 * }</pre>
 */
public final class AnswerStream implements AutoCloseable {
  private final TextStream text;
  private final AnswerParser parser;
  private final Deque<AnswerEvent> ready = new ArrayDeque<>();

  /** UTF-16 units that the parser has. */
  private long parsed;

  private int calls;
  private boolean ended;
  private Optional<SoleboxException> failure = Optional.empty();

  /**
   * @param generation of {@code prompt}; closed by this stream
   * @param stops as for {@link TextStream}
   * @param tools that the prompt offers, as templates take them. What a call's arguments are may
   *     follow from their schemas; without tools, what looks like a call is text
   */
  public AnswerStream(
      Generation generation,
      Tokenizer tokenizer,
      List<String> stops,
      Prompt prompt,
      List<Map<String, Object>> tools) {
    this(generation, tokenizer, stops, prompt, Tools.of(tools));
  }

  /**
   * As the other, where nothing is known of the tools.
   *
   * @param withCalls whether tool calls are looked for; they are text where no tool was offered
   */
  public AnswerStream(
      Generation generation,
      Tokenizer tokenizer,
      List<String> stops,
      Prompt prompt,
      boolean withCalls) {
    this(generation, tokenizer, stops, prompt, withCalls ? Tools.UNKNOWN : Tools.NONE);
  }

  private AnswerStream(
      Generation generation, Tokenizer tokenizer, List<String> stops, Prompt prompt, Tools tools) {
    AnswerSyntax syntax = AnswerSyntax.of(prompt);
    this.text = new TextStream(generation, tokenizer, stops, hidden(tokenizer, syntax.markers()));
    this.parser = syntax.parser(prompt.opening(), tools);
  }

  /** The ids of the hidden tokens that the vocabulary has for markers and their parts. */
  private static Set<Integer> hidden(Tokenizer tokenizer, List<String> markers) {
    Set<Integer> ids = new HashSet<>();
    for (String marker : markers) {
      for (int id : tokenizer.encode(marker, Specials.PARSE, false)) {
        if (tokenizer.isSpecial(id)) {
          ids.add(id);
        }
      }
    }
    return ids;
  }

  /**
   * Waits for the next event; empty behind the end.
   *
   * @throws SoleboxException if the answer broke off, after what came before was returned
   */
  public Optional<AnswerEvent> next() throws InterruptedException {
    while (ready.isEmpty() && !ended) {
      advance();
    }
    if (ready.isEmpty() && failure.isPresent()) {
      throw failure.get();
    }
    return Optional.ofNullable(ready.poll());
  }

  private void advance() throws InterruptedException {
    try {
      switch (text.step()) {
        case TextStream.Step.Waits(AnswerEvent.Progress progress) -> ready.add(progress);
        case TextStream.Step.Said(Piece piece) -> take(piece);
        case TextStream.Step.Ended _ -> end();
      }
    } catch (SoleboxException e) {
      ended = true;
      failure = Optional.of(e);
      parser.finish(true, this::add);
    }
  }

  /** Tokens come before the text that begins in them. */
  private void take(Piece piece) {
    int from = 0;
    for (PlacedToken placed : piece.tokens()) {
      int at = Math.clamp(placed.offset() - parsed, from, piece.text().length());
      parser.accept(piece.text().substring(from, at), this::add);
      from = at;
      Generation.Token token = placed.token();
      ready.add(new AnswerEvent.Token(token.id(), placed.offset(), token.logprobs()));
    }
    parser.accept(piece.text().substring(from), this::add);
    parsed += piece.text().length();
  }

  private void end() {
    ended = true;
    FinishReason reason = text.finishReason();
    parser.finish(reason != FinishReason.STOP, this::add);
    ready.add(new AnswerEvent.End(Reason.of(reason, calls > 0), text.usage(), text.stop()));
  }

  private void add(Part part) {
    ready.add(part);
    calls +=
        switch (part) {
          case AnswerEvent.ToolCallStart _ -> 1;
          case AnswerEvent.ToolCallBroken _ -> -1;
          case AnswerEvent.Text _, AnswerEvent.Reasoning _, AnswerEvent.ToolCallArguments _ -> 0;
        };
  }

  /** Cancels the answer if it is still running. May be called from any thread. */
  @Override
  public void close() {
    text.close();
  }
}
