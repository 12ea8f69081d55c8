package io.solebox.server.ollama;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.answer.WholeAnswer.ToolCall;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.answers.CallArguments;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Answers of {@code /api/chat} and {@code /api/generate}: an object a line, the last with counts.
 */
final class AnswerLines implements AnswerFormat {
  /** Where an answer has its words. */
  enum Shape {
    /** In {@code message}. */
    CHAT,
    /** In {@code response}. */
    GENERATE
  }

  private final JsonWriter json;
  private final Ask ask;
  private final Shape shape;
  private final Clock clock;
  private final long begin = System.nanoTime();
  private final List<Integer> ids = new ArrayList<>();

  /** The call that is being written; Ollama's clients take calls whole. */
  private Optional<WholeAnswer> call = Optional.empty();

  private int calls;
  private Optional<End> end = Optional.empty();

  AnswerLines(JsonWriter json, Ask ask, Shape shape, Clock clock) {
    this.json = json;
    this.ask = ask;
    this.shape = shape;
    this.clock = clock;
  }

  /** What a stream sends before there is an answer, to stay alive. */
  static byte[] silence(JsonWriter json, String model, Shape shape, Clock clock) {
    Ask nothing = new Ask(model, Optional.empty(), true, 0, false, false);
    return new AnswerLines(json, nothing, shape, clock).piece("", "", List.of());
  }

  @Override
  public EventStream.Framing framing() {
    return EventStream.Framing.LINES;
  }

  @Override
  public void begin(EventStream out) {
    out.pingWith(piece("", "", List.of()));
  }

  @Override
  public void write(int choice, AnswerEvent event, EventStream out) {
    switch (event) {
      case AnswerEvent.Progress _ -> {}
      case AnswerEvent.Token token -> ids.add(token.id());
      case AnswerEvent.Text(String text) -> {
        sendCall(out);
        out.send(piece(text, "", List.of()));
      }
      case AnswerEvent.Reasoning(String text) -> out.send(piece("", text, List.of()));
      case AnswerEvent.ToolCallStart start -> {
        sendCall(out);
        call = Optional.of(new WholeAnswer());
        call.get().add(start);
      }
      case AnswerEvent.ToolCallArguments more -> call.ifPresent(open -> open.add(more));
      case AnswerEvent.ToolCallBroken _ -> call = Optional.empty();
      case End last -> {
        sendCall(out);
        end = Optional.of(last);
      }
    }
  }

  private void sendCall(EventStream out) {
    List<Object> whole = call.map(open -> calls(open.toolCalls())).orElse(List.of());
    call = Optional.empty();
    if (!whole.isEmpty()) {
      out.send(piece("", "", whole));
    }
  }

  /**
   * A call that the end of the answer cut off is none; {@code done_reason} says that it was cut.
   */
  private List<Object> calls(List<ToolCall> given) {
    List<Object> written = new ArrayList<>();
    for (ToolCall each : given) {
      CallArguments.of(each).ifPresent(arguments -> written.add(call(each, arguments)));
    }
    return written;
  }

  private Map<String, Object> call(ToolCall given, Map<String, Object> arguments) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("index", calls++);
    function.put("name", given.name());
    function.put("arguments", arguments);
    Map<String, Object> written = new LinkedHashMap<>();
    written.put(
        "id", given.id().orElseGet(() -> "call_" + UUID.randomUUID().toString().replace("-", "")));
    written.put("function", function);
    return written;
  }

  private byte[] piece(String text, String thinking, List<Object> toolCalls) {
    Map<String, Object> line = head();
    words(line, text, thinking, toolCalls);
    line.put("done", false);
    return json.bytes(line);
  }

  private Map<String, Object> head() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("model", ask.model());
    line.put("created_at", clock.instant().toString());
    return line;
  }

  private void words(
      Map<String, Object> line, String text, String thinking, List<Object> toolCalls) {
    Map<String, Object> words = line;
    if (shape == Shape.CHAT) {
      words = new LinkedHashMap<>();
      words.put("role", "assistant");
      line.put("message", words);
    }
    words.put(shape == Shape.CHAT ? "content" : "response", text);
    if (!thinking.isEmpty()) {
      words.put("thinking", thinking);
    }
    if (!toolCalls.isEmpty()) {
      words.put("tool_calls", toolCalls);
    }
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {
    Map<String, Object> line = head();
    words(line, "", "", List.of());
    finish(line, end.orElseThrow().reason(), usage);
    out.send(json.bytes(line));
  }

  private void finish(Map<String, Object> line, Reason reason, AnswerUsage count) {
    Usage usage = count.sum();
    line.put("done", true);
    line.put("done_reason", reason == Reason.LENGTH ? "length" : "stop");
    if (ask.withContext()) {
      List<Integer> context = new ArrayList<>();
      for (int id : ask.request().orElseThrow().prompt().ids()) {
        context.add(id);
      }
      context.addAll(ids);
      line.put("context", context);
    }
    line.put("total_duration", System.nanoTime() - begin + ask.loadNanos());
    line.put("load_duration", ask.loadNanos());
    line.put("prompt_eval_count", usage.promptTokens());
    line.put("prompt_eval_duration", usage.prefillNanos());
    line.put("eval_count", usage.completionTokens());
    line.put("eval_duration", usage.decodeNanos());
    Map<String, Object> dropped = new LinkedHashMap<>();
    if (count.dropped() > 0) {
      dropped.put("dropped_messages", count.dropped());
    }
    if (usage.droppedTokens() > 0) {
      dropped.put("dropped_tokens", usage.droppedTokens());
    }
    if (!dropped.isEmpty()) {
      line.put("solebox", dropped);
    }
    count.receipt().ifPresent(receipt -> line.put("receipt", receipt));
  }

  @Override
  public void breakOff(Problem problem, EventStream out) {
    out.send(new OllamaProblems(json).write(problem, ""));
  }

  @Override
  public byte[] whole(List<WholeAnswer> choices, AnswerUsage usage) {
    WholeAnswer answer = choices.getFirst();
    answer.tokens().forEach(token -> ids.add(token.id()));
    Map<String, Object> line = head();
    words(line, answer.text(), answer.reasoning(), calls(answer.toolCalls()));
    finish(line, answer.end().reason(), usage);
    return json.bytes(line);
  }

  /** What is answered when the model was only to be loaded. */
  byte[] loaded() {
    Map<String, Object> line = head();
    words(line, "", "", List.of());
    line.put("done", true);
    line.put("done_reason", ask.leaves() ? "unload" : "load");
    return json.bytes(line);
  }
}
