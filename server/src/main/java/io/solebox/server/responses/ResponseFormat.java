package io.solebox.server.responses;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.answers.TokenParts;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import io.solebox.storage.Ids;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Responses, whole and as events. What is complete is kept before the client hears so. */
final class ResponseFormat implements AnswerFormat {
  private final JsonWriter json;
  private final ResponseAsk ask;
  private final Clock clock;
  private final Consumer<Map<String, Object>> keeper;
  private final TokenScores scores;
  private final Map<String, Object> begun;
  private final OutputItems items;
  private Reason reason = Reason.STOP;

  /**
   * @param keeper takes the response when it ends; one whose client leaves before is not kept
   */
  ResponseFormat(
      JsonWriter json, ResponseAsk ask, Clock clock, Consumer<Map<String, Object>> keeper) {
    this(json, ask, ResponseBody.begun(ask, "in_progress", clock), clock, keeper);
  }

  /**
   * @param begun the response as it began
   */
  ResponseFormat(
      JsonWriter json,
      ResponseAsk ask,
      Map<String, Object> begun,
      Clock clock,
      Consumer<Map<String, Object>> keeper) {
    this.json = json;
    this.ask = ask;
    this.clock = clock;
    this.keeper = keeper;
    this.scores = new TokenScores(new TokenParts(ask.answer().model().tokenizer()));
    this.begun = begun;
    this.items =
        new OutputItems(ask.tools(), ask.thoughts(), scores, ask.logprobs(), ask.searched());
  }

  private void send(String type, Map<String, Object> body, OutputItems.Out out) {
    items.send(new OutputItems.Sink(json, out), type, ResponseBody.ordered("response", body));
  }

  @Override
  public void begin(EventStream out) {
    send("response.created", begun, out::send);
    send("response.in_progress", begun, out::send);
    items.begin(new OutputItems.Sink(json, out::send));
  }

  /** It waits for its turn, and nobody may be there to hear of it. */
  void queued(OutputItems.Out out) {
    send("response.created", begun, out);
    send("response.queued", begun, out);
    send("response.in_progress", ResponseBody.withStatus(begun, "in_progress"), out);
    items.begin(new OutputItems.Sink(json, out));
  }

  @Override
  public void write(int choice, AnswerEvent event, EventStream out) {
    write(event, out::send);
  }

  void write(AnswerEvent event, OutputItems.Out out) {
    OutputItems.Sink sink = new OutputItems.Sink(json, out);
    switch (event) {
      case AnswerEvent.Progress _ -> {}
      case Token token -> items.token(token);
      case AnswerEvent.Part part -> items.add(part, sink);
      case AnswerEvent.End end -> {
        reason = end.reason();
        items.end(end.reason() == Reason.LENGTH, sink);
      }
    }
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {
    end(usage, out::send);
  }

  void end(AnswerUsage usage, OutputItems.Out out) {
    Map<String, Object> body = ResponseBody.ended(begun, items.complete(), reason, usage, clock);
    keeper.accept(body);
    send("response." + body.get("status"), body, out);
  }

  @Override
  public void breakOff(Problem problem, EventStream out) {
    breakOff(problem, out::send);
  }

  /** Somebody has cancelled it. */
  void cancelled(OutputItems.Out out) {
    Map<String, Object> body = ResponseBody.withStatus(begun, "cancelled");
    body.put("output", items.complete());
    keepAndSend(body, out);
  }

  void breakOff(Problem problem, OutputItems.Out out) {
    Map<String, Object> body = ResponseBody.failed(begun, problem.getMessage());
    body.put("output", items.complete());
    body.put(
        "error", ResponseBody.ordered("code", problem.code(), "message", problem.getMessage()));
    keepAndSend(body, out);
  }

  /** A stream has an end even where that cannot be kept. */
  private void keepAndSend(Map<String, Object> body, OutputItems.Out out) {
    try {
      keeper.accept(body);
    } finally {
      send("response." + body.get("status"), body, out);
    }
  }

  @Override
  public byte[] whole(List<WholeAnswer> choices, AnswerUsage usage) {
    Map<String, Object> body = body(choices.getFirst(), usage);
    keeper.accept(body);
    return json.bytes(body);
  }

  Map<String, Object> body(WholeAnswer answer, AnswerUsage usage) {
    String status = answer.end().reason() == Reason.LENGTH ? "incomplete" : "completed";
    List<Map<String, Object>> output = new ArrayList<>();
    ask.searched().ifPresent(its -> output.add(its.item("completed")));
    int before = output.size();
    if (!answer.reasoning().isEmpty()) {
      output.add(ask.thoughts().item(Ids.of("rs"), answer.reasoning(), status));
    }
    if (!answer.text().isEmpty() || (output.size() == before && answer.toolCalls().isEmpty())) {
      List<Object> logprobs = ask.logprobs() ? scores.all(answer.tokens()) : List.of();
      output.add(
          ResponseBody.messageItem(
              Ids.of("msg"),
              answer.text(),
              status,
              logprobs,
              ask.searched().map(its -> its.citations(answer.text())).orElse(List.of())));
    }
    for (WholeAnswer.ToolCall call : answer.toolCalls()) {
      ResponseTool tool = ask.tools().called(call.name());
      String id = Ids.of(tool.custom() ? "ctc" : "fc");
      output.add(ResponseBody.callItem(id, call.id(), tool, call.arguments(), status));
    }
    return ResponseBody.ended(begun, output, answer.end().reason(), usage, clock);
  }
}
