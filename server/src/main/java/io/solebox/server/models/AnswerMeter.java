package io.solebox.server.models;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Charge;
import io.solebox.server.limits.Counted;
import io.solebox.server.metrics.ModelMetrics;
import java.util.Locale;

/**
 * Counts what becomes of the answers of one model to one request, in the metrics of the model, in
 * the notes of the request, in the account of who asked, and in what is charged for it.
 */
record AnswerMeter(
    ModelMetrics metrics,
    OngoingAnswers ongoing,
    RequestNotes notes,
    Account account,
    Charge charge) {
  /** A prompt was submitted. */
  void prompted(int tokens) {
    account.use(Counted.PROMPT_TOKENS, tokens);
    charge.prompt(tokens);
  }

  /** So much of it was found in the prefix cache. */
  void cached(int tokens) {
    charge.cached(tokens);
  }

  void firstToken(long nanos) {
    metrics.firstToken().observe(nanos);
    generated(1);
  }

  void token(long nanos) {
    metrics.interToken().observe(nanos);
    generated(1);
  }

  /** Tokens of an answer, those that nobody reads any more included. */
  void generated(int tokens) {
    metrics.generatedTokens().add(tokens);
    account.use(Counted.GENERATED_TOKENS, tokens);
    charge.generated(tokens);
  }

  /**
   * It is charged before anybody hears that it has ended.
   *
   * @param nanos since the submission
   */
  void ended(FinishReason reason, Usage usage, long nanos) {
    metrics.finished().add(reason.name().toLowerCase(Locale.ROOT));
    metrics.answerTime().observe(nanos);
    metrics.queueTime().observe(usage.queueNanos());
    metrics.prefillTime().observe(usage.prefillNanos());
    metrics.decodeTime().observe(usage.decodeNanos());
    metrics.promptSize().observe(usage.promptTokens());
    metrics.answerSize().observe(usage.completionTokens());
    metrics.promptTokens().add(usage.promptTokens());
    metrics.cachedTokens().add(usage.cachedTokens());
    notes.answered(usage);
    charge.settle();
  }

  void failed(ErrorCode code) {
    metrics.failed().add(code.wireName());
    notes.failed(code.wireName());
    charge.settle();
  }

  /** Nobody has read the answer to its end. */
  void abandoned() {
    metrics.finished().add(FinishReason.CANCELLED.name().toLowerCase(Locale.ROOT));
  }

  /** Ids whose logits, vectors or scores were computed. */
  void computed(int tokens) {
    metrics.promptTokens().add(tokens);
    notes.computed(tokens);
    account.use(Counted.PROMPT_TOKENS, tokens);
    charge.prompt(tokens);
    charge.settle();
  }
}
