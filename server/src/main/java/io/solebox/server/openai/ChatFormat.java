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
import io.solebox.server.answers.TokenParts;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** {@code chat.completion} and {@code chat.completion.chunk}. */
final class ChatFormat implements AnswerFormat {
  private static final String CHUNK = "chat.completion.chunk";

  private static final int MAX_SHOWN = 500;

  /** Not in OpenAI's format, but the name that most servers and clients use. */
  private static final String REASONING = "reasoning_content";

  private final JsonWriter json;
  private final AnswerHead head;
  private final LogprobsWriter logprobs;
  private final boolean withLogprobs;
  private final boolean withIds;
  private final ToolCallsWriter calls;
  private final CommonFields.Ask ask;
  private final StreamEnd streamEnd;
  private final StreamNotes notes;

  /** Of each choice whose call turned out to be none, when a part of it was sent. */
  private final Set<Integer> broken = new HashSet<>();

  /** Of each choice, the tokens that go with its next chunk. */
  private final PendingTokens pending;

  /**
   * @param legacyCalls whether calls go as {@code function_call}
   */
  ChatFormat(JsonWriter json, CommonFields.Ask ask, boolean legacyCalls, Clock clock) {
    AnswerRequest first = ask.first();
    this.json = json;
    this.ask = ask;
    this.head = AnswerHead.of("chatcmpl-", ask, clock);
    this.logprobs = new LogprobsWriter(new TokenParts(first.model().tokenizer()), true);
    this.withLogprobs = first.params().logprobs().isPresent();
    this.withIds = ask.writing().tokenIds();
    this.calls = new ToolCallsWriter(legacyCalls);
    this.streamEnd = new StreamEnd(json, head, CHUNK);
    this.notes = new StreamNotes(json, head, CHUNK, ask);
    this.pending = new PendingTokens(ask.requests().size());
  }

  @Override
  public void begin(EventStream out) {
    for (int i = 0; i < ask.requests().size(); i++) {
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
    requireWholeCall(choice, event);
    switch (event) {
      case AnswerEvent.Progress progress -> notes.chunk(choice, progress).ifPresent(out::send);
      case Token token -> {
        pending.add(choice, token);
        notes.token(choice);
      }
      case AnswerEvent.ToolCallBroken _ -> broken.add(choice);
      case Part part -> write(choice, part, out);
      case AnswerEvent.End end -> {
        if (pending.has(choice)) {
          write(choice, new AnswerEvent.Text(""), out);
        }
        notes.end(choice, end.usage());
        out.send(chunk(choice, _ -> {}, Optional.empty(), Optional.of(end.reason())));
      }
    }
  }

  /** What was sent of a call cannot be taken back: an answer with half a call is none. */
  private void requireWholeCall(int choice, AnswerEvent event) {
    if (!broken.contains(choice) || event instanceof Token) {
      return;
    }
    String said = event instanceof AnswerEvent.Text(String text) ? " It said: " + text : "";
    throw Problem.of(
        500,
        "tool_call_invalid",
        "The model began to call a tool, and what it said is no call."
            + Texts.abbreviated(said, MAX_SHOWN));
  }

  private void write(int choice, Part part, EventStream out) {
    List<Token> tokens = pending.take(choice);
    out.send(chunk(choice, delta(part), Optional.of(tokens), Optional.empty()));
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {
    streamEnd.write(usage, out);
  }

  @Override
  public void breakOff(Problem problem, EventStream out) {
    streamEnd.breakOff(problem, out);
  }

  private Consumer<JsonGenerator> delta(Part part) {
    return switch (part) {
      case AnswerEvent.Text(String text) -> out -> out.writeStringProperty("content", text);
      case AnswerEvent.Reasoning(String text) -> out -> out.writeStringProperty(REASONING, text);
      case AnswerEvent.ToolCallStart start -> out -> calls.write(out, start);
      case AnswerEvent.ToolCallArguments more -> out -> calls.write(out, more);
      case AnswerEvent.ToolCallBroken _ ->
          throw new IllegalStateException("a broken call is not written");
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
          tokens.ifPresent(list -> writeIds(out, list));
          out.writeStringProperty("finish_reason", reason.map(this::finishReason).orElse(null));
          out.writeEndObject();
          out.writeEndArray();
          head.writeNoUsage(out);
          notes.write(out, index);
          out.writeEndObject();
        });
  }

  private String finishReason(Reason reason) {
    return reason == Reason.TOOL_CALLS && calls.legacy()
        ? "function_call"
        : AnswerHead.finishReason(reason);
  }

  private void writeIds(JsonGenerator out, List<Token> tokens) {
    if (withIds) {
      TokenIds.write(out, "token_ids", tokens);
    }
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
          UsageWriter.writeReceipt(out, usage.receipt());
          if (withIds) {
            TokenIds.write(out, "prompt_token_ids", ask.first().prompt().ids());
          }
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
    writeIds(out, choice.tokens());
    out.writeStringProperty("finish_reason", finishReason(choice.end().reason()));
    out.writeEndObject();
  }

  private void writeMessage(JsonGenerator out, WholeAnswer choice) {
    out.writeStringProperty("role", "assistant");
    if (!choice.reasoning().isEmpty()) {
      out.writeStringProperty(REASONING, choice.reasoning());
    }
    boolean onlyCalls = choice.text().isEmpty() && !choice.toolCalls().isEmpty();
    out.writeStringProperty("content", onlyCalls ? null : choice.text());
    out.writeNullProperty("refusal");
    if (!choice.toolCalls().isEmpty()) {
      calls.write(out, choice.toolCalls());
    }
  }
}
