package io.solebox.app.run;

import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.Generation.Usage;
import java.util.Locale;

/** What an answer took, in numbers that people and programs can use. */
record AnswerReport(Reason reason, Usage usage, double loadSeconds) {
  private static final double NANOS = 1e9;

  /** Prompt tokens computed (not found in the prefix cache) per second. */
  double promptTokensPerSecond() {
    return rate(usage.promptTokens() - usage.cachedTokens(), usage.prefillNanos());
  }

  /** Tokens after the first one per second. */
  double tokensPerSecond() {
    return rate(usage.completionTokens() - 1, usage.decodeNanos());
  }

  double timeToFirstTokenSeconds() {
    return (usage.queueNanos() + usage.prefillNanos()) / NANOS;
  }

  private static double rate(int tokens, long nanos) {
    return tokens > 0 && nanos > 0 ? tokens * NANOS / nanos : 0;
  }

  /** One line for a person. */
  String line() {
    return String.format(
        Locale.ROOT,
        "prompt %d tokens, %.1f tokens/s | answer %d tokens, %.1f tokens/s%s | first token after"
            + " %.3f s | ended by %s",
        usage.promptTokens(),
        promptTokensPerSecond(),
        usage.completionTokens(),
        tokensPerSecond(),
        usage.drafts().map(AnswerReport::text).orElse(""),
        timeToFirstTokenSeconds(),
        reasonText());
  }

  private static String text(Drafts drafts) {
    return drafts.drafted() == 0
        ? ", none guessed"
        : String.format(
            Locale.ROOT,
            ", %d guessed and %d of them right (%d %%)",
            drafts.drafted(),
            drafts.accepted(),
            Math.round(100.0 * drafts.accepted() / drafts.drafted()));
  }

  private String reasonText() {
    return switch (reason) {
      case STOP -> "the model";
      case LENGTH -> "length";
      case TOOL_CALLS -> "a tool call";
      case CANCELLED -> "you";
    };
  }

  /** The name in JSON answers, as in OpenAI's. */
  String reasonName() {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
