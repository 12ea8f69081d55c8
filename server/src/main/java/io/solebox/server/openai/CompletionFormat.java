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
import tools.jackson.core.JsonGenerator;

/** {@code text_completion}, whole and in chunks. */
final class CompletionFormat implements AnswerFormat {
  private static final String OBJECT = "text_completion";

  private final JsonWriter json;
  private final AnswerHead head;
  private final LogprobsWriter logprobs;
  private final boolean withLogprobs;

  CompletionFormat(JsonWriter json, AnswerRequest request, Clock clock) {
    this.json = json;
    this.head = AnswerHead.of("cmpl-", request, clock);
    this.withLogprobs = request.params().logprobs().isPresent();
    this.logprobs =
        new LogprobsWriter(request.model().tokenizer(), request.params().logprobs().orElse(0) > 0);
  }

  @Override
  public Optional<byte[]> firstChunk() {
    return Optional.empty();
  }

  @Override
  public Optional<byte[]> chunk(int index, Part part, List<Token> tokens) {
    return switch (part) {
      case AnswerEvent.Text(String text) ->
          Optional.of(chunk(index, text, tokens, Optional.empty()));
      case AnswerEvent.Reasoning _,
          AnswerEvent.ToolCallStart _,
          AnswerEvent.ToolCallArguments _,
          AnswerEvent.ToolCallBroken _ ->
          throw new IllegalStateException("what goes on with a raw text is all text");
    };
  }

  @Override
  public byte[] lastChunk(int index, Reason reason) {
    return chunk(index, "", List.of(), Optional.of(reason));
  }

  private byte[] chunk(int index, String text, List<Token> tokens, Optional<Reason> reason) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
          out.writeArrayPropertyStart("choices");
          writeChoice(out, index, text, tokens, reason);
          out.writeEndArray();
          head.writeNoUsage(out);
          out.writeEndObject();
        });
  }

  private void writeChoice(
      JsonGenerator out, int index, String text, List<Token> tokens, Optional<Reason> reason) {
    out.writeStartObject();
    out.writeNumberProperty("index", index);
    out.writeStringProperty("text", text);
    out.writeName("logprobs");
    if (withLogprobs) {
      logprobs.writeCompletion(out, tokens);
    } else {
      out.writeNull();
    }
    out.writeStringProperty("finish_reason", reason.map(AnswerHead::finishReason).orElse(null));
    out.writeEndObject();
  }

  @Override
  public byte[] usageChunk(UsageCount usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
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
          head.write(out, OBJECT);
          out.writeArrayPropertyStart("choices");
          for (int i = 0; i < choices.size(); i++) {
            WholeAnswer choice = choices.get(i);
            writeChoice(out, i, choice.text(), choice.tokens(), Optional.of(choice.end().reason()));
          }
          out.writeEndArray();
          usage.write(out);
          out.writeEndObject();
        });
  }
}
