package io.solebox.server.anthropic;

import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.anthropic.MessageRequests.Ask;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/**
 * What a message says of itself besides its content.
 *
 * @param promptTokens known before anything is computed
 * @param maxTokens as asked for
 */
record MessageHead(String id, String model, int promptTokens, int maxTokens) {
  static MessageHead of(Ask ask) {
    return new MessageHead(
        "msg_" + UUID.randomUUID().toString().replace("-", ""),
        ask.request().modelName(),
        ask.request().prompt().ids().length,
        ask.maxTokens());
  }

  void write(JsonGenerator out) {
    out.writeStringProperty("id", id);
    out.writeStringProperty("type", "message");
    out.writeStringProperty("role", "assistant");
    out.writeStringProperty("model", model);
    out.writeNullProperty("container");
  }

  void writeStop(JsonGenerator out, End end) {
    out.writeStringProperty("stop_reason", stopReason(end));
    out.writeStringProperty("stop_sequence", end.stop().orElse(null));
    out.writeNullProperty("stop_details");
  }

  static void writeNoStop(JsonGenerator out) {
    out.writeNullProperty("stop_reason");
    out.writeNullProperty("stop_sequence");
    out.writeNullProperty("stop_details");
  }

  private String stopReason(End end) {
    return switch (end.reason()) {
      case STOP -> end.stop().isPresent() ? "stop_sequence" : "end_turn";
      case TOOL_CALLS -> "tool_use";
      case LENGTH ->
          end.usage().completionTokens() < maxTokens
              ? "model_context_window_exceeded"
              : "max_tokens";
      case CANCELLED -> throw new IllegalStateException("nobody waits for this answer");
    };
  }

  /** Before anything is computed. */
  void writeUsage(JsonGenerator out) {
    out.writeObjectPropertyStart("usage");
    writePrompt(out, promptTokens, 0);
    out.writeNumberProperty("output_tokens", 0);
    out.writeStringProperty("service_tier", "standard");
    out.writeEndObject();
  }

  static void writeUsage(JsonGenerator out, AnswerUsage count) {
    Usage usage = count.sum();
    out.writeObjectPropertyStart("usage");
    writePrompt(out, usage.promptTokens(), usage.cachedTokens());
    out.writeNumberProperty("output_tokens", usage.completionTokens());
    out.writeObjectPropertyStart("output_tokens_details");
    out.writeNumberProperty("thinking_tokens", count.reasoningTokens());
    out.writeEndObject();
    out.writeStringProperty("service_tier", "standard");
    out.writeEndObject();
  }

  /** At Anthropic, {@code input_tokens} are those that no cache had. */
  private static void writePrompt(JsonGenerator out, int tokens, int cached) {
    out.writeNumberProperty("input_tokens", tokens - cached);
    out.writeNumberProperty("cache_creation_input_tokens", 0);
    out.writeNumberProperty("cache_read_input_tokens", cached);
  }
}
