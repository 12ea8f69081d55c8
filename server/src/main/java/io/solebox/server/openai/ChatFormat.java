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
final class ChatFormat implements AnswerFormat {
  private static final String CHUNK = "chat.completion.chunk";

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
  public byte[] chunk(int index, Piece piece) {
    return chunk(
        index,
        delta -> delta.writeStringProperty("content", piece.text()),
        Optional.of(piece.tokens()),
        Optional.empty());
  }

  @Override
  public byte[] lastChunk(int index, FinishReason reason) {
    return chunk(index, _ -> {}, Optional.empty(), Optional.of(reason));
  }

  private byte[] chunk(
      int index,
      Consumer<JsonGenerator> delta,
      Optional<List<PlacedToken>> tokens,
      Optional<FinishReason> reason) {
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
  public byte[] whole(List<Choice> choices, Usage usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, "chat.completion");
          out.writeArrayPropertyStart("choices");
          for (int i = 0; i < choices.size(); i++) {
            writeChoice(out, i, choices.get(i));
          }
          out.writeEndArray();
          AnswerHead.writeUsage(out, usage);
          out.writeEndObject();
        });
  }

  private void writeChoice(JsonGenerator out, int index, Choice choice) {
    out.writeStartObject();
    out.writeNumberProperty("index", index);
    out.writeObjectPropertyStart("message");
    out.writeStringProperty("role", "assistant");
    out.writeStringProperty("content", choice.text());
    out.writeNullProperty("refusal");
    out.writeEndObject();
    writeLogprobs(out, Optional.of(choice.tokens()));
    out.writeStringProperty("finish_reason", AnswerHead.finishReason(choice.reason()));
    out.writeEndObject();
  }
}
