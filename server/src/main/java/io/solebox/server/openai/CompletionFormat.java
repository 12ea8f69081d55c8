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
public final class CompletionFormat implements AnswerFormat {
  private static final String OBJECT = "text_completion";

  private final JsonWriter json;
  private final AnswerHead head;
  private final LogprobsWriter logprobs;
  private final boolean withLogprobs;

  public CompletionFormat(JsonWriter json, AnswerRequest request, Clock clock) {
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
  public byte[] chunk(Piece piece) {
    return chunk(piece.text(), piece.tokens(), Optional.empty());
  }

  @Override
  public byte[] lastChunk(FinishReason reason) {
    return chunk("", List.of(), Optional.of(reason));
  }

  private byte[] chunk(String text, List<PlacedToken> tokens, Optional<FinishReason> reason) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
          writeChoice(out, text, tokens, reason);
          head.writeNoUsage(out);
          out.writeEndObject();
        });
  }

  private void writeChoice(
      JsonGenerator out, String text, List<PlacedToken> tokens, Optional<FinishReason> reason) {
    out.writeArrayPropertyStart("choices");
    out.writeStartObject();
    out.writeNumberProperty("index", 0);
    out.writeStringProperty("text", text);
    out.writeName("logprobs");
    if (withLogprobs) {
      logprobs.writeCompletion(out, tokens);
    } else {
      out.writeNull();
    }
    out.writeStringProperty("finish_reason", reason.map(AnswerHead::finishReason).orElse(null));
    out.writeEndObject();
    out.writeEndArray();
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
  public byte[] whole(String text, List<PlacedToken> tokens, FinishReason reason, Usage usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
          writeChoice(out, text, tokens, Optional.of(reason));
          AnswerHead.writeUsage(out, usage);
          out.writeEndObject();
        });
  }
}
