package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.json.JsonWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** {@code chat.completion} and {@code chat.completion.chunk}. */
final class ChatFormat implements AnswerFormat {
  private static final String CHUNK = "chat.completion.chunk";

  /** Not in OpenAI's format, but the name that most servers and clients use. */
  private static final String REASONING = "reasoning_content";

  private final JsonWriter json;
  private final AnswerHead head;
  private final LogprobsWriter logprobs;
  private final boolean withLogprobs;

  ChatFormat(JsonWriter json, AnswerRequest request, Clock clock) {
    this.json = json;
    this.head = AnswerHead.of("chatcmpl-", request, clock);
    this.logprobs = new LogprobsWriter(request.model().tokenizer(), true);
    this.withLogprobs = request.params().logprobs().isPresent();
  }

  @Override
  public Optional<byte[]> firstChunk() {
    return Optional.of(
        chunk(
            0,
            delta -> {
              delta.writeStringProperty("role", "assistant");
              delta.writeStringProperty("content", "");
            },
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public Optional<byte[]> chunk(int index, Part part, List<Token> tokens) {
    return delta(part).map(delta -> chunk(index, delta, Optional.of(tokens), Optional.empty()));
  }

  private static Optional<Consumer<JsonGenerator>> delta(Part part) {
    return switch (part) {
      case AnswerEvent.Text(String text) ->
          Optional.of(out -> out.writeStringProperty("content", text));
      case AnswerEvent.Reasoning(String text) ->
          Optional.of(out -> out.writeStringProperty(REASONING, text));
      case AnswerEvent.ToolCallStart start -> Optional.of(out -> ToolCallsWriter.write(out, start));
      case AnswerEvent.ToolCallArguments more ->
          Optional.of(out -> ToolCallsWriter.write(out, more));
      // What was sent cannot be taken back; the content that follows shows what it was.
      case AnswerEvent.ToolCallBroken _ -> Optional.empty();
    };
  }

  @Override
  public byte[] lastChunk(int index, Reason reason) {
    return chunk(index, _ -> {}, Optional.empty(), Optional.of(reason));
  }

  private byte[] chunk(
      int index,
      Consumer<JsonGenerator> delta,
      Optional<List<Token>> tokens,
      Optional<Reason> reason) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, CHUNK);
          out.writeArrayPropertyStart("choices");
          out.writeStartObject();
          out.writeNumberProperty("index", index);
          out.writeObjectPropertyStart("delta");
          delta.accept(out);
          out.writeEndObject();
          writeLogprobs(out, tokens);
          out.writeStringProperty(
              "finish_reason", reason.map(AnswerHead::finishReason).orElse(null));
          out.writeEndObject();
          out.writeEndArray();
          head.writeNoUsage(out);
          out.writeEndObject();
        });
  }

  private void writeLogprobs(JsonGenerator out, Optional<List<Token>> tokens) {
    out.writeName("logprobs");
    if (withLogprobs && tokens.isPresent()) {
      logprobs.writeChat(out, tokens.get());
    } else {
      out.writeNull();
    }
  }

  @Override
  public byte[] usageChunk(UsageCount usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, CHUNK);
          out.writeArrayPropertyStart("choices");
          out.writeEndArray();
          usage.write(out);
          out.writeEndObject();
        });
  }

  @Override
  public byte[] whole(List<WholeAnswer> choices, UsageCount usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, "chat.completion");
          out.writeArrayPropertyStart("choices");
          for (int i = 0; i < choices.size(); i++) {
            writeChoice(out, i, choices.get(i));
          }
          out.writeEndArray();
          usage.write(out);
          out.writeEndObject();
        });
  }

  private void writeChoice(JsonGenerator out, int index, WholeAnswer choice) {
    out.writeStartObject();
    out.writeNumberProperty("index", index);
    out.writeObjectPropertyStart("message");
    writeMessage(out, choice);
    out.writeEndObject();
    writeLogprobs(out, Optional.of(choice.tokens()));
    out.writeStringProperty("finish_reason", AnswerHead.finishReason(choice.end().reason()));
    out.writeEndObject();
  }

  private static void writeMessage(JsonGenerator out, WholeAnswer choice) {
    out.writeStringProperty("role", "assistant");
    if (!choice.reasoning().isEmpty()) {
      out.writeStringProperty(REASONING, choice.reasoning());
    }
    boolean onlyCalls = choice.text().isEmpty() && !choice.toolCalls().isEmpty();
    out.writeStringProperty("content", onlyCalls ? null : choice.text());
    out.writeNullProperty("refusal");
    if (!choice.toolCalls().isEmpty()) {
      ToolCallsWriter.write(out, choice.toolCalls());
    }
  }
}
