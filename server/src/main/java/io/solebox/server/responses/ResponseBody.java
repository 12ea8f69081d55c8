package io.solebox.server.responses;

import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.http.Problem;
import io.solebox.storage.Ids;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code response} objects, of JSON's types. */
final class ResponseBody {
  private ResponseBody() {}

  /** A map in the order of the arguments: name, value, name, value. */
  static Map<String, Object> ordered(Object... members) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      map.put((String) members[i], members[i + 1]);
    }
    return map;
  }

  /** As it is before anything is said. */
  static Map<String, Object> begun(ResponseAsk ask, String status, Clock clock) {
    Map<String, Object> body =
        ordered(
            "id",
            Ids.of("resp"),
            "object",
            "response",
            "created_at",
            clock.instant().getEpochSecond(),
            "status",
            status,
            "background",
            ask.background(),
            "completed_at",
            null,
            "error",
            null,
            "incomplete_details",
            null,
            "model",
            ask.answer().modelName(),
            "output",
            List.of());
    body.put("previous_response_id", ask.previous().orElse(null));
    ask.conversation().ifPresent(id -> body.put("conversation", Map.of("id", id)));
    body.putAll(ask.echo());
    body.put("service_tier", ask.answer().terms().tier());
    body.put("store", ask.store());
    body.put("usage", null);
    Map<String, Object> notes = new LinkedHashMap<>();
    int dropped = ask.answer().fit().dropped();
    if (dropped > 0) {
      notes.put("dropped_items", dropped);
    }
    if (!ask.tools().leftOut().isEmpty()) {
      notes.put("left_out_tools", ask.tools().leftOut());
    }
    if (!notes.isEmpty()) {
      body.put("solebox", notes);
    }
    return body;
  }

  static Map<String, Object> withStatus(Map<String, Object> body, String status) {
    Map<String, Object> changed = new LinkedHashMap<>(body);
    changed.put("status", status);
    return changed;
  }

  /** The whole answer. */
  static Map<String, Object> ended(
      Map<String, Object> begun,
      List<Map<String, Object>> output,
      Reason reason,
      AnswerUsage usage,
      Clock clock) {
    boolean cut = reason == Reason.LENGTH;
    Map<String, Object> body = withStatus(begun, cut ? "incomplete" : "completed");
    body.put("completed_at", cut ? null : clock.instant().getEpochSecond());
    if (cut) {
      body.put("incomplete_details", Map.of("reason", "max_output_tokens"));
    }
    body.put("output", output);
    body.put("usage", usage(usage));
    Map<String, Object> more = new LinkedHashMap<>();
    if (body.get("solebox") instanceof Map<?, ?> before) {
      before.forEach((name, value) -> more.put((String) name, value));
    }
    more.putAll(times(usage.sum()));
    body.put("solebox", more);
    usage.receipt().ifPresent(receipt -> body.put("receipt", receipt));
    return body;
  }

  private static Map<String, Object> usage(AnswerUsage count) {
    Usage usage = count.sum();
    return ordered(
        "input_tokens",
        usage.promptTokens(),
        "input_tokens_details",
        Map.of("cached_tokens", usage.cachedTokens()),
        "output_tokens",
        usage.completionTokens(),
        "output_tokens_details",
        Map.of("reasoning_tokens", count.reasoningTokens()),
        "total_tokens",
        usage.promptTokens() + usage.completionTokens());
  }

  private static Map<String, Object> times(Usage usage) {
    return ordered(
        "queue_ms",
        millis(usage.queueNanos()),
        "prefill_ms",
        millis(usage.prefillNanos()),
        "decode_ms",
        millis(usage.decodeNanos()));
  }

  private static double millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3;
  }

  static Map<String, Object> failed(Map<String, Object> body, String message) {
    Map<String, Object> failed = withStatus(body, "failed");
    failed.put("error", ordered("code", "server_error", "message", message));
    return failed;
  }

  /** One that was complete, and then could not be kept as it was to be. */
  static Map<String, Object> failed(Map<String, Object> body, Problem why) {
    Map<String, Object> failed = withStatus(body, "failed");
    failed.put("completed_at", null);
    failed.put("incomplete_details", null);
    failed.put("error", ordered("code", why.code(), "message", why.getMessage()));
    return failed;
  }

  /**
   * What a stream of events ends with that cannot go on.
   *
   * @param sequence its number in the stream
   */
  static Map<String, Object> errorEvent(Problem problem, long sequence) {
    return ordered(
        "type",
        "error",
        "sequence_number",
        sequence,
        "code",
        problem.code(),
        "message",
        problem.getMessage(),
        "param",
        problem.param().orElse(null));
  }

  static boolean isComplete(Map<String, Object> body) {
    return "completed".equals(body.get("status")) || "incomplete".equals(body.get("status"));
  }

  /** Whether nothing will change any more. */
  static boolean isOver(Map<String, Object> body) {
    return !"queued".equals(body.get("status")) && !"in_progress".equals(body.get("status"));
  }

  @SuppressWarnings("unchecked") // as it was put there
  static List<Map<String, Object>> output(Map<String, Object> body) {
    return (List<Map<String, Object>>) body.get("output");
  }

  static Map<String, Object> messageItem(
      String id,
      String text,
      String status,
      List<Object> logprobs,
      List<Map<String, Object>> citations) {
    List<Object> content = new ArrayList<>();
    content.add(textPart(text, logprobs, citations));
    return ordered(
        "id", id, "type", "message", "status", status, "role", "assistant", "content", content);
  }

  static Map<String, Object> textPart(
      String text, List<Object> logprobs, List<Map<String, Object>> citations) {
    return ordered(
        "type", "output_text", "text", text, "annotations", citations, "logprobs", logprobs);
  }

  static Map<String, Object> callItem(
      String id, Optional<String> callId, ResponseTool tool, String arguments, String status) {
    boolean custom = tool.custom();
    Map<String, Object> item =
        ordered(
            "id",
            id,
            "type",
            custom ? "custom_tool_call" : "function_call",
            "status",
            status,
            custom ? "input" : "arguments",
            custom && !arguments.isEmpty() ? CustomTools.input(arguments) : arguments,
            "call_id",
            callId.orElseGet(() -> Ids.of("call")),
            "name",
            tool.name().name());
    tool.name().namespace().ifPresent(space -> item.put("namespace", space));
    return item;
  }
}
