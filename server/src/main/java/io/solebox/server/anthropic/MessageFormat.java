package io.solebox.server.anthropic;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.answers.CallArguments;
import io.solebox.server.anthropic.MessageRequests.Ask;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** {@code message}, and the events of its stream. */
final class MessageFormat implements AnswerFormat {
  /** What is sent while nothing happens. */
  static final Map<String, Object> PING = Map.of("type", "ping");

  private final JsonWriter json;
  private final MessageHead head;
  private final boolean showThinking;
  private final String requestId;
  private final AnthropicProblems problems;
  private Optional<ContentBlocks> blocks = Optional.empty();
  private Optional<End> end = Optional.empty();

  MessageFormat(JsonWriter json, Ask ask, String requestId) {
    this.json = json;
    this.head = MessageHead.of(ask);
    this.showThinking = ask.showThinking();
    this.requestId = requestId;
    this.problems = new AnthropicProblems(json);
  }

  @Override
  public void begin(EventStream out) {
    blocks = Optional.of(new ContentBlocks(json, out, showThinking));
    send(
        out,
        "message_start",
        event -> {
          event.writeObjectPropertyStart("message");
          head.write(event);
          event.writeArrayPropertyStart("content");
          event.writeEndArray();
          MessageHead.writeNoStop(event);
          head.writeUsage(event);
          event.writeEndObject();
        });
    out.send("ping", json.bytes(PING));
    out.pingWith("ping", json.bytes(PING));
  }

  @Override
  public void write(int choice, AnswerEvent event, EventStream out) {
    ContentBlocks content = blocks.orElseThrow();
    switch (event) {
      case AnswerEvent.Progress _, AnswerEvent.Token _ -> {}
      case AnswerEvent.Text(String text) -> content.text(text);
      case AnswerEvent.Reasoning(String text) -> content.thinking(text);
      case AnswerEvent.ToolCallStart start -> content.toolUse(start.id(), start.name());
      case AnswerEvent.ToolCallArguments more -> content.input(more.fragment());
      // What was sent cannot be taken back, and nobody is to run half a call.
      case AnswerEvent.ToolCallBroken _ ->
          throw Problem.of(
              500, "tool_call_invalid", "The model has begun a call that turned out malformed.");
      case End last -> {
        content.close();
        end = Optional.of(last);
      }
    }
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {
    send(
        out,
        "message_delta",
        event -> {
          event.writeObjectPropertyStart("delta");
          head.writeStop(event, end.orElseThrow());
          event.writeNullProperty("container");
          event.writeEndObject();
          MessageHead.writeUsage(event, usage);
        });
    send(out, "message_stop", event -> writeReceipt(event, usage));
  }

  @Override
  public void breakOff(Problem problem, EventStream out) {
    out.send("error", problems.write(problem, requestId));
  }

  private void send(EventStream out, String type, Consumer<JsonGenerator> members) {
    out.send(
        type,
        json.write(
            event -> {
              event.writeStartObject();
              event.writeStringProperty("type", type);
              members.accept(event);
              event.writeEndObject();
            }));
  }

  @Override
  public byte[] whole(List<WholeAnswer> choices, AnswerUsage usage) {
    WholeAnswer answer = choices.getFirst();
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out);
          out.writeArrayPropertyStart("content");
          writeContent(out, answer);
          out.writeEndArray();
          head.writeStop(out, answer.end());
          MessageHead.writeUsage(out, usage);
          writeReceipt(out, usage);
          out.writeEndObject();
        });
  }

  private static void writeReceipt(JsonGenerator out, AnswerUsage usage) {
    usage
        .receipt()
        .ifPresent(
            receipt -> {
              out.writeName("receipt");
              JsonWriter.writeValue(out, receipt);
            });
  }

  private void writeContent(JsonGenerator out, WholeAnswer answer) {
    String thought = answer.reasoning();
    if (!thought.isEmpty()) {
      out.writeStartObject();
      ContentBlocks.writeThinking(
          out, showThinking ? thought : "", ContentBlocks.signature(thought));
      out.writeEndObject();
    }
    if (!answer.text().isBlank()) {
      out.writeStartObject();
      out.writeStringProperty("type", "text");
      out.writeStringProperty("text", answer.text());
      out.writeEndObject();
    }
    for (WholeAnswer.ToolCall call : answer.toolCalls()) {
      // A call that the end of the answer cut off is none; the stop reason says that it was cut.
      CallArguments.of(call).ifPresent(input -> writeCall(out, call, input));
    }
  }

  private static void writeCall(
      JsonGenerator out, WholeAnswer.ToolCall call, Map<String, Object> input) {
    out.writeStartObject();
    ContentBlocks.writeToolUse(out, call.id(), call.name());
    out.writeName("input");
    JsonWriter.writeValue(out, input);
    out.writeEndObject();
  }
}
