package io.solebox.server.openai;

import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/** {@code usage} of answers. */
final class UsageWriter {
  private UsageWriter() {}

  /** Writes {@code usage} and {@code solebox}. */
  static void write(JsonGenerator out, AnswerUsage count) {
    Usage usage = count.sum();
    out.writeObjectPropertyStart("usage");
    out.writeNumberProperty("prompt_tokens", usage.promptTokens());
    out.writeNumberProperty("completion_tokens", usage.completionTokens());
    out.writeNumberProperty("total_tokens", usage.promptTokens() + usage.completionTokens());
    out.writeObjectPropertyStart("prompt_tokens_details");
    out.writeNumberProperty("cached_tokens", usage.cachedTokens());
    out.writeEndObject();
    writeCompletionDetails(out, count.reasoningTokens(), usage.drafts());
    out.writeEndObject();
    // Not in OpenAI's format; clients pass over what they do not know.
    out.writeObjectPropertyStart("solebox");
    out.writeNumberProperty("queue_ms", millis(usage.queueNanos()));
    out.writeNumberProperty("prefill_ms", millis(usage.prefillNanos()));
    out.writeNumberProperty("decode_ms", millis(usage.decodeNanos()));
    writeDropped(out, count.dropped(), usage.droppedTokens());
    out.writeEndObject();
  }

  /** What the context had no room for, where that was something. */
  static void writeDropped(JsonGenerator out, int messages, int tokens) {
    if (messages > 0) {
      out.writeNumberProperty("dropped_messages", messages);
    }
    if (tokens > 0) {
      out.writeNumberProperty("dropped_tokens", tokens);
    }
  }

  /** {@code receipt}, where one is asked for. */
  static void writeReceipt(JsonGenerator out, Optional<Map<String, Object>> receipt) {
    receipt.ifPresent(
        signed -> {
          out.writeName("receipt");
          JsonWriter.writeValue(out, signed);
        });
  }

  /** {@code usage} of what has no answer. */
  static void writePromptOnly(JsonGenerator out, List<int[]> prompts) {
    long tokens = prompts.stream().mapToLong(ids -> ids.length).sum();
    out.writeObjectPropertyStart("usage");
    out.writeNumberProperty("prompt_tokens", tokens);
    out.writeNumberProperty("total_tokens", tokens);
    out.writeEndObject();
  }

  private static void writeCompletionDetails(
      JsonGenerator out, int reasoningTokens, Optional<Drafts> drafts) {
    if (reasoningTokens == 0 && drafts.isEmpty()) {
      return;
    }
    out.writeObjectPropertyStart("completion_tokens_details");
    if (reasoningTokens > 0) {
      out.writeNumberProperty("reasoning_tokens", reasoningTokens);
    }
    if (drafts.isPresent()) {
      out.writeNumberProperty("accepted_prediction_tokens", drafts.get().accepted());
      out.writeNumberProperty("rejected_prediction_tokens", drafts.get().rejected());
    }
    out.writeEndObject();
  }

  private static double millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3;
  }
}
