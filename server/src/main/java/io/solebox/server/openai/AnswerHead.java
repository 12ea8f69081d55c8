package io.solebox.server.openai;

import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.model.ModelInfo;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/**
 * What all parts of one answer share.
 *
 * @param created seconds since 1970
 * @param fingerprint changes with the model file
 */
record AnswerHead(String id, long created, String model, String fingerprint, boolean includeUsage) {
  static AnswerHead of(String idPrefix, AnswerRequest request, Clock clock) {
    ModelInfo info = request.model().info();
    int print =
        List.of(info.name(), info.architecture(), info.format(), info.fileBytes()).hashCode();
    return new AnswerHead(
        idPrefix + UUID.randomUUID().toString().replace("-", ""),
        clock.instant().getEpochSecond(),
        request.modelName(),
        "fp_%08x".formatted(print),
        request.includeUsage());
  }

  void write(JsonGenerator out, String object) {
    out.writeStringProperty("id", id);
    out.writeStringProperty("object", object);
    out.writeNumberProperty("created", created);
    out.writeStringProperty("model", model);
    out.writeStringProperty("system_fingerprint", fingerprint);
  }

  /** In a stream that ends with its usage, the chunks before carry null. */
  void writeNoUsage(JsonGenerator out) {
    if (includeUsage) {
      out.writeNullProperty("usage");
    }
  }

  static void writeUsage(JsonGenerator out, Usage usage) {
    out.writeObjectPropertyStart("usage");
    out.writeNumberProperty("prompt_tokens", usage.promptTokens());
    out.writeNumberProperty("completion_tokens", usage.completionTokens());
    out.writeNumberProperty("total_tokens", usage.promptTokens() + usage.completionTokens());
    out.writeObjectPropertyStart("prompt_tokens_details");
    out.writeNumberProperty("cached_tokens", usage.cachedTokens());
    out.writeEndObject();
    out.writeEndObject();
    // Not in OpenAI's format; clients pass over what they do not know.
    out.writeObjectPropertyStart("solebox");
    out.writeNumberProperty("queue_ms", millis(usage.queueNanos()));
    out.writeNumberProperty("prefill_ms", millis(usage.prefillNanos()));
    out.writeNumberProperty("decode_ms", millis(usage.decodeNanos()));
    out.writeEndObject();
  }

  private static double millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3;
  }

  static String finishReason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case CANCELLED -> throw new IllegalStateException("nobody waits for this answer");
    };
  }
}
