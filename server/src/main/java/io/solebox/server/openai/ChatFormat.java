package io.solebox.server.openai;

import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.json.JsonWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** {@code chat.completion} and {@code chat.completion.chunk}. */
public final class ChatFormat implements AnswerFormat {
  private static final String CHUNK = "chat.completion.chunk";

  private final JsonWriter json;
  private final AnswerHead head;
  private final LogprobsWriter logprobs;
  private final boolean withLogprobs;

  public ChatFormat(JsonWriter json, AnswerRequest request, Clock clock) {
    this.json = json;
    this.head = AnswerHead.of("chatcmpl-", request, clock);
    this.logprobs = new LogprobsWriter(request.model().tokenizer(), true);
    this.withLogprobs = request.params().logprobs().isPresent();
  }

  @Override
  public Optional<byte[]> firstChunk() {
    return Optional.of(
        chunk(
            delta -> {
              delta.writeStringProperty("role", "assistant");
              delta.writeStringProperty("content", "");
            },
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public byte[] chunk(Piece piece) {
    return chunk(
        delta -> delta.writeStringProperty("content", piece.text()),
        Optional.of(piece.tokens()),
        Optional.empty());
  }

  @Override
  public byte[] lastChunk(FinishReason reason) {
    return chunk(_ -> {}, Optional.empty(), Optional.of(reason));
  }

  private byte[] chunk(
      Consumer<JsonGenerator> delta,
      Optional<List<PlacedToken>> tokens,
      Optional<FinishReason> reason) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, CHUNK);
          out.writeArrayPropertyStart("choices");
          out.writeStartObject();
          out.writeNumberProperty("index", 0);
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

  private void writeLogprobs(JsonGenerator out, Optional<List<PlacedToken>> tokens) {
    out.writeName("logprobs");
    if (withLogprobs && tokens.isPresent()) {
      logprobs.writeChat(out, tokens.get());
    } else {
      out.writeNull();
    }
  }

  @Override
  public byte[] usageChunk(Usage usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, CHUNK);
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
          head.write(out, "chat.completion");
          out.writeArrayPropertyStart("choices");
          out.writeStartObject();
          out.writeNumberProperty("index", 0);
          out.writeObjectPropertyStart("message");
          out.writeStringProperty("role", "assistant");
          out.writeStringProperty("content", text);
          out.writeNullProperty("refusal");
          out.writeEndObject();
          writeLogprobs(out, Optional.of(tokens));
          out.writeStringProperty("finish_reason", AnswerHead.finishReason(reason));
          out.writeEndObject();
          out.writeEndArray();
          AnswerHead.writeUsage(out, usage);
          out.writeEndObject();
        });
  }
}
