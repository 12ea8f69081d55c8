package io.solebox.server.responses;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.json.JsonWriter;
import io.solebox.storage.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The items of a response as they come, each told in events from its start to its end. */
final class OutputItems {
  private static final String SUMMARY = "response.reasoning_summary";

  /** Takes events. */
  @FunctionalInterface
  interface Out {
    /**
     * @param type its name
     * @param body JSON, on one line
     */
    void send(String type, byte[] body);
  }

  /** Where events go. */
  record Sink(JsonWriter json, Out out) {}

  /** The item that is being written. */
  private sealed interface Open {
    record Nothing() implements Open {}

    record Reasoning(String id, StringBuilder text) implements Open {}

    record Message(String id, StringBuilder text, List<Token> tokens) implements Open {}

    record Call(String id, String callId, ResponseTool tool, StringBuilder arguments)
        implements Open {}
  }

  private final ResponseTools tools;
  private final Thoughts thoughts;
  private final TokenScores scores;
  private final boolean withScores;
  private final Optional<Searched> searched;
  private final List<Map<String, Object>> complete = new ArrayList<>();
  private final List<Token> pending = new ArrayList<>();
  private Open open = new Open.Nothing();
  private long sequence;

  /**
   * @param tools those that can be called
   * @param searched what was looked up before
   */
  OutputItems(
      ResponseTools tools,
      Thoughts thoughts,
      TokenScores scores,
      boolean withScores,
      Optional<Searched> searched) {
    this.tools = tools;
    this.thoughts = thoughts;
    this.scores = scores;
    this.withScores = withScores;
    this.searched = searched;
  }

  List<Map<String, Object>> complete() {
    return List.copyOf(complete);
  }

  void send(Sink sink, String type, Map<String, Object> members) {
    Map<String, Object> event = ResponseBody.ordered("type", type, "sequence_number", sequence++);
    event.putAll(members);
    sink.out().send(type, sink.json().bytes(event));
  }

  /** Tells what was looked up; to be called before anything else is told. */
  void begin(Sink sink) {
    if (searched.isPresent()) {
      Searched its = searched.get();
      added(its.item("in_progress"), sink);
      for (String stage : List.of("in_progress", "searching", "completed")) {
        send(sink, "response.file_search_call." + stage, place(its.id()));
      }
      done(its.item("completed"), sink);
    }
  }

  /** Goes with the next text. */
  void token(Token token) {
    pending.add(token);
  }

  void add(AnswerEvent.Part part, Sink sink) {
    switch (part) {
      case AnswerEvent.Reasoning(String text) -> reasoning(text, sink);
      case AnswerEvent.Text(String text) -> text(text, sink);
      case AnswerEvent.ToolCallStart(_, Optional<String> id, String name) ->
          beginCall(id, name, sink);
      case AnswerEvent.ToolCallArguments(_, String fragment) -> arguments(fragment, sink);
      // What was sent cannot be taken back; the text that follows shows what it was.
      case AnswerEvent.ToolCallBroken _ -> close("incomplete", sink);
    }
    if (!(part instanceof AnswerEvent.Text)) {
      pending.clear();
    }
  }

  /** The answer is over. */
  void end(boolean cut, Sink sink) {
    if (open instanceof Open.Nothing && complete.size() == searched.stream().count()) {
      text("", sink);
    }
    close(cut ? "incomplete" : "completed", sink);
  }

  private Map<String, Object> place(String id, Object... more) {
    Map<String, Object> place =
        ResponseBody.ordered("item_id", id, "output_index", (long) complete.size());
    place.putAll(ResponseBody.ordered(more));
    return place;
  }

  private void added(Map<String, Object> item, Sink sink) {
    send(
        sink,
        "response.output_item.added",
        ResponseBody.ordered("output_index", (long) complete.size(), "item", item));
  }

  private void reasoning(String text, Sink sink) {
    if (!(open instanceof Open.Reasoning)) {
      close("completed", sink);
      String id = Ids.of("rs");
      open = new Open.Reasoning(id, new StringBuilder());
      added(thoughts.item(id, "", "in_progress"), sink);
      if (thoughts.summary()) {
        Map<String, Object> part = Thoughts.part("summary_text", "");
        send(sink, SUMMARY + "_part.added", place(id, "summary_index", 0L, "part", part));
      }
      Map<String, Object> part = Thoughts.part("reasoning_text", "");
      send(sink, "response.content_part.added", place(id, "content_index", 0L, "part", part));
    }
    if (open instanceof Open.Reasoning(String id, StringBuilder all)) {
      all.append(text);
      if (thoughts.summary()) {
        send(sink, SUMMARY + "_text.delta", place(id, "summary_index", 0L, "delta", text));
      }
      send(sink, "response.reasoning_text.delta", place(id, "content_index", 0L, "delta", text));
    }
  }

  private void text(String text, Sink sink) {
    if (!(open instanceof Open.Message)) {
      close("completed", sink);
      String id = Ids.of("msg");
      open = new Open.Message(id, new StringBuilder(), new ArrayList<>());
      Map<String, Object> item =
          ResponseBody.messageItem(id, "", "in_progress", List.of(), List.of());
      item.put("content", List.of());
      added(item, sink);
      Map<String, Object> part = ResponseBody.textPart("", List.of(), List.of());
      send(sink, "response.content_part.added", place(id, "content_index", 0L, "part", part));
    }
    if (open instanceof Open.Message(String id, StringBuilder all, List<Token> tokens)) {
      all.append(text);
      List<Object> logprobs = withScores ? scores.all(pending) : List.of();
      tokens.addAll(pending);
      pending.clear();
      send(
          sink,
          "response.output_text.delta",
          place(id, "content_index", 0L, "delta", text, "logprobs", logprobs));
    }
  }

  private void beginCall(Optional<String> givenId, String name, Sink sink) {
    close("completed", sink);
    ResponseTool tool = tools.called(name);
    String id = Ids.of(tool.custom() ? "ctc" : "fc");
    String callId = givenId.orElseGet(() -> Ids.of("call"));
    open = new Open.Call(id, callId, tool, new StringBuilder());
    added(ResponseBody.callItem(id, Optional.of(callId), tool, "", "in_progress"), sink);
  }

  private void arguments(String fragment, Sink sink) {
    if (open instanceof Open.Call(String id, _, ResponseTool tool, StringBuilder all)) {
      all.append(fragment);
      if (!tool.custom()) { // a text inside JSON is told whole, at its end
        send(sink, "response.function_call_arguments.delta", place(id, "delta", fragment));
      }
    }
  }

  private void close(String status, Sink sink) {
    Optional<Map<String, Object>> item =
        switch (open) {
          case Open.Nothing _ -> Optional.empty();
          case Open.Reasoning(String id, StringBuilder text) ->
              Optional.of(closed(id, text.toString(), status, sink));
          case Open.Message message -> Optional.of(closed(message, status, sink));
          case Open.Call call -> Optional.of(closed(call, status, sink));
        };
    open = new Open.Nothing();
    item.ifPresent(done -> done(done, sink));
  }

  private void done(Map<String, Object> item, Sink sink) {
    send(
        sink,
        "response.output_item.done",
        ResponseBody.ordered("output_index", (long) complete.size(), "item", item));
    complete.add(item);
  }

  private Map<String, Object> closed(String id, String text, String status, Sink sink) {
    if (thoughts.summary()) {
      send(sink, SUMMARY + "_text.done", place(id, "summary_index", 0L, "text", text));
      Map<String, Object> part = Thoughts.part("summary_text", text);
      send(sink, SUMMARY + "_part.done", place(id, "summary_index", 0L, "part", part));
    }
    send(sink, "response.reasoning_text.done", place(id, "content_index", 0L, "text", text));
    Map<String, Object> part = Thoughts.part("reasoning_text", text);
    send(sink, "response.content_part.done", place(id, "content_index", 0L, "part", part));
    return thoughts.item(id, text, status);
  }

  private Map<String, Object> closed(Open.Message message, String status, Sink sink) {
    String text = message.text().toString();
    List<Object> logprobs = withScores ? scores.all(message.tokens()) : List.of();
    send(
        sink,
        "response.output_text.done",
        place(message.id(), "content_index", 0L, "text", text, "logprobs", logprobs));
    List<Map<String, Object>> citations =
        searched.map(its -> its.citations(text)).orElse(List.of());
    for (int i = 0; i < citations.size(); i++) {
      send(
          sink,
          "response.output_text.annotation.added",
          place(
              message.id(),
              "content_index",
              0L,
              "annotation_index",
              (long) i,
              "annotation",
              citations.get(i)));
    }
    Map<String, Object> part = ResponseBody.textPart(text, logprobs, citations);
    send(
        sink, "response.content_part.done", place(message.id(), "content_index", 0L, "part", part));
    return ResponseBody.messageItem(message.id(), text, status, logprobs, citations);
  }

  private Map<String, Object> closed(Open.Call call, String status, Sink sink) {
    String arguments = call.arguments().toString();
    Map<String, Object> item =
        ResponseBody.callItem(
            call.id(), Optional.of(call.callId()), call.tool(), arguments, status);
    if (call.tool().custom()) {
      Object input = item.get("input");
      send(sink, "response.custom_tool_call_input.delta", place(call.id(), "delta", input));
      send(sink, "response.custom_tool_call_input.done", place(call.id(), "input", input));
    } else {
      send(
          sink,
          "response.function_call_arguments.done",
          place(call.id(), "name", call.tool().name().name(), "arguments", arguments));
    }
    return item;
  }
}
