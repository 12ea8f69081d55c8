package io.solebox.engine.chat;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.SegmentEncoder;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The one way from texts and conversations to the ids that a model takes. A prompt begins with
 * exactly one begin token where the model wants one, whether the text has it or not, and no end
 * token is ever put behind it: it is there to be gone on with. Immutable; safe for many threads.
 */
public final class Prompts {
  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> template;
  private final Optional<SegmentEncoder> encoder;
  private final Map<String, String> namedTokens;
  private final Map<String, Object> arguments;

  /**
   * @param arguments of the template, for conversations that do not set them themselves
   * @throws SoleboxException as {@link ChatInput#requireArguments}
   */
  public Prompts(
      Tokenizer tokenizer, Optional<ChatTemplate> template, Map<String, Object> arguments) {
    ChatInput.requireArguments(arguments);
    this.tokenizer = tokenizer;
    this.template = template;
    this.encoder = template.map(t -> tokenizer.segmentEncoder(t.source()));
    this.namedTokens = ChatVariables.namedTokens(tokenizer);
    this.arguments = new LinkedHashMap<>(arguments); // null is a value here
  }

  /**
   * A conversation, ready for the model's next message, or to be gone on with as it says.
   *
   * @param clock for templates that write the date
   * @throws SoleboxException {@code BAD_TEMPLATE} if the template refuses it, or there is none;
   *     {@code INVALID_PARAMETER} if the last message cannot be gone on with
   */
  public Prompt chat(ChatInput input, Clock clock) {
    // One moment for all of it: who knows it makes the same prompt again.
    OffsetDateTime now = OffsetDateTime.now(clock);
    Rendering rendering = render(input, Clock.fixed(now.toInstant(), now.getOffset()));
    int[] ids = encoder.orElseThrow().encode(rendering.segments());
    return new Prompt(withOneBegin(ids), template, rendering.opening(), Optional.of(now));
  }

  /**
   * The text of {@link #chat}.
   *
   * @throws SoleboxException as {@link #chat}
   */
  public Rendering render(ChatInput input, Clock clock) {
    ChatTemplate used =
        template.orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.BAD_TEMPLATE,
                    "",
                    "The model file has no chat template.",
                    "Give one (--chat-template), or let the model continue a text."));
    Map<String, Object> all = new LinkedHashMap<>(arguments);
    all.putAll(input.arguments());
    return ended(
        input, used.render(ChatVariables.of(input.withArguments(all), namedTokens), clock));
  }

  /** What a template writes behind the last message's text would end the turn. */
  private static Rendering ended(ChatInput input, Rendering rendering) {
    if (input.ending() != ChatInput.Ending.IN_LAST_MESSAGE) {
      return rendering;
    }
    return rendering
        .before(ChatVariables.END_MARK)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "continue_final_message",
                    "The chat template does not show the text of the last message, so nothing can"
                        + " go on with it.",
                    "Let the model begin a message of its own."));
  }

  /** A text as it is. */
  public Prompt raw(String text, Specials specials) {
    int[] ids = tokenizer.encode(text, specials, false);
    return new Prompt(withOneBegin(ids), Optional.empty(), "");
  }

  /**
   * A text with a gap that the model is to fill. What is said in it is text.
   *
   * @param before ids of what comes before the gap
   * @param behind ids of what comes behind it
   * @return empty if the model's vocabulary has no tokens for that
   */
  public Optional<Prompt> gap(int[] before, int[] behind) {
    return tokenizer
        .middleTokens()
        .map(
            tokens -> {
              IntStream.Builder ids = IntStream.builder();
              ids.add(tokens.prefix());
              Arrays.stream(before).forEach(ids);
              ids.add(tokens.suffix());
              Arrays.stream(behind).forEach(ids);
              ids.add(tokens.middle());
              return new Prompt(withOneBegin(ids.build().toArray()), Optional.empty(), "");
            });
  }

  private int[] withOneBegin(int[] ids) {
    if (!tokenizer.addsBos()) {
      return ids;
    }
    int begin = tokenizer.bos().orElseThrow();
    int rest = 0;
    while (rest < ids.length && ids[rest] == begin) {
      rest++;
    }
    if (rest == 1) {
      return ids;
    }
    int[] prompt = new int[1 + ids.length - rest];
    prompt[0] = begin;
    System.arraycopy(ids, rest, prompt, 1, ids.length - rest);
    return prompt;
  }
}
