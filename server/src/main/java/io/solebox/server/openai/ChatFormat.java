package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
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
  private final int choices;
  private final StreamEnd streamEnd;

  /** Of each choice, the tokens that go with its next chunk. */
  private final PendingTokens pending;

  ChatFormat(JsonWriter json, CommonFields.Ask ask, Clock clock) {
    AnswerRequest first = ask.first();
    this.json = json;
    this.head = AnswerHead.of("chatcmpl-", first, ask.includeUsage(), clock);
    this.logprobs = new LogprobsWriter(first.model().tokenizer(), true);
    this.withLogprobs = first.params().logprobs().isPresent();
    this.choices = ask.requests().size();
    this.streamEnd = new StreamEnd(json, head, CHUNK);
    this.pending = new PendingTokens(choices);
  }

  @Override
  public void begin(EventStream out) {
    for (int i = 0; i < choices; i++) {
      Consumer<JsonGenerator> role =
          delta -> {
            delta.writeStringProperty("role", "assistant");
            delta.writeStringProperty("content", "");
          };
      out.send(chunk(i, role, Optional.empty(), Optional.empty()));
    }
  }

  @Override
  public void write(int choice, AnswerEvent event, EventStream out) {
    switch (event) {
      case AnswerEvent.Progress _ -> {}
      case Token token -> pending.add(choice, token);
      case Part part -> write(choice, part, out);
      case AnswerEvent.End end -> {
        if (pending.has(choice)) {
          write(choice, new AnswerEvent.Text(""), out);
        }
        out.send(chunk(choice, _ -> {}, Optional.empty(), Optional.of(end.reason())));
      }
    }
  }

  private void write(int choice, Part part, EventStream out) {
    delta(part)
        .ifPresent(
            delta -> {
              List<Token> tokens = pending.take(choice);
              out.send(chunk(choice, delta, Optional.of(tokens), Optional.empty()));
            });
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {
    streamEnd.write(usage, out);
  }

  @Override
  public void breakOff(Problem problem, EventStream out) {
    streamEnd.breakOff(problem, out);
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
  public byte[] whole(List<WholeAnswer> choices, AnswerUsage usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, "chat.completion");
          out.writeArrayPropertyStart("choices");
          for (int i = 0; i < choices.size(); i++) {
            writeChoice(out, i, choices.get(i));
          }
          out.writeEndArray();
          UsageWriter.write(out, usage);
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
