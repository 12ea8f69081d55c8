package io.solebox.server.openai;

import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
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
  public byte[] chunk(int index, Piece piece) {
    return chunk(index, piece.text(), piece.tokens(), Optional.empty());
  }

  @Override
  public byte[] lastChunk(int index, FinishReason reason) {
    return chunk(index, "", List.of(), Optional.of(reason));
  }

  private byte[] chunk(
      int index, String text, List<PlacedToken> tokens, Optional<FinishReason> reason) {
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
      JsonGenerator out,
      int index,
      String text,
      List<PlacedToken> tokens,
      Optional<FinishReason> reason) {
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
  public byte[] usageChunk(Usage usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
          out.writeArrayPropertyStart("choices");
          out.writeEndArray();
          AnswerHead.writeUsage(out, usage);
          out.writeEndObject();
        });
  }

  @Override
  public byte[] whole(List<Choice> choices, Usage usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
          out.writeArrayPropertyStart("choices");
          for (int i = 0; i < choices.size(); i++) {
            Choice choice = choices.get(i);
            writeChoice(out, i, choice.text(), choice.tokens(), Optional.of(choice.reason()));
          }
          out.writeEndArray();
          AnswerHead.writeUsage(out, usage);
          out.writeEndObject();
        });
  }
}
