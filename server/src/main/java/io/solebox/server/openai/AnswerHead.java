package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.model.ModelInfo;
import io.solebox.server.answers.AnswerRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/**
 * What all parts of one answer share.
 *
 * @param created seconds since 1970
 * @param fingerprint changes with the model file
 * @param tier that is told, where one was asked for
 */
record AnswerHead(
    String id,
    long created,
    String model,
    String fingerprint,
    boolean includeUsage,
    Optional<String> tier) {
  static AnswerHead of(String idPrefix, CommonFields.Ask ask, Clock clock) {
    AnswerRequest request = ask.first();
    ModelInfo info = request.model().info();
    int print =
        List.of(info.name(), info.architecture(), info.format(), info.fileBytes()).hashCode();
    return new AnswerHead(
        idPrefix + UUID.randomUUID().toString().replace("-", ""),
        clock.instant().getEpochSecond(),
        request.modelName(),
        "fp_%08x".formatted(print),
        ask.writing().includeUsage(),
        ask.writing().serviceTier().map(_ -> request.terms().tier()));
  }

  void write(JsonGenerator out, String object) {
    out.writeStringProperty("id", id);
    out.writeStringProperty("object", object);
    out.writeNumberProperty("created", created);
    out.writeStringProperty("model", model);
    out.writeStringProperty("system_fingerprint", fingerprint);
    tier.ifPresent(name -> out.writeStringProperty("service_tier", name));
  }

  /** In a stream that ends with its usage, the chunks before carry null. */
  void writeNoUsage(JsonGenerator out) {
    if (includeUsage) {
      out.writeNullProperty("usage");
    }
  }

  static String finishReason(Reason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
      case CANCELLED -> throw new IllegalStateException("nobody waits for this answer");
    };
  }
}
