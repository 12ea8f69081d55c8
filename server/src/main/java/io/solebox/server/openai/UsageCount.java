package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.Generation.Usage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/** What the answers to one request took, counted as they come. Owned by one thread. */
final class UsageCount {
  private Optional<Usage> sum = Optional.empty();
  private int reasoningTokens;

  /** Tokens that go with the next part. */
  private int tokens;

  void add(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Token _ -> tokens++;
      case AnswerEvent.Reasoning _ -> {
        reasoningTokens += tokens;
        tokens = 0;
      }
      case AnswerEvent.Part _ -> tokens = 0;
      case AnswerEvent.End end -> {
        sum = Optional.of(sum.map(before -> sum(before, end.usage())).orElse(end.usage()));
        tokens = 0;
      }
    }
  }

  private static Usage sum(Usage a, Usage b) {
    return new Usage(
        a.promptTokens() + b.promptTokens(),
        a.cachedTokens() + b.cachedTokens(),
        a.completionTokens() + b.completionTokens(),
        Math.max(a.queueNanos(), b.queueNanos()),
        a.prefillNanos() + b.prefillNanos(),
        Math.max(a.decodeNanos(), b.decodeNanos()),
        a.drafts().flatMap(drafts -> b.drafts().map(drafts::plus)));
  }

  /** Writes {@code usage} and {@code solebox}, when all answers are complete. */
  void write(JsonGenerator out) {
    Usage usage = sum.orElseThrow(() -> new IllegalStateException("no answer is complete"));
    out.writeObjectPropertyStart("usage");
    out.writeNumberProperty("prompt_tokens", usage.promptTokens());
    out.writeNumberProperty("completion_tokens", usage.completionTokens());
    out.writeNumberProperty("total_tokens", usage.promptTokens() + usage.completionTokens());
    out.writeObjectPropertyStart("prompt_tokens_details");
    out.writeNumberProperty("cached_tokens", usage.cachedTokens());
    out.writeEndObject();
    writeCompletionDetails(out, usage.drafts());
    out.writeEndObject();
    // Not in OpenAI's format; clients pass over what they do not know.
    out.writeObjectPropertyStart("solebox");
    out.writeNumberProperty("queue_ms", millis(usage.queueNanos()));
    out.writeNumberProperty("prefill_ms", millis(usage.prefillNanos()));
    out.writeNumberProperty("decode_ms", millis(usage.decodeNanos()));
    out.writeEndObject();
  }

  private void writeCompletionDetails(JsonGenerator out, Optional<Drafts> drafts) {
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
