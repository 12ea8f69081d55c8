package io.solebox.server.health;

import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.MetricType;
import io.solebox.server.metrics.Histogram;
import io.solebox.server.metrics.Labels;
import io.solebox.server.metrics.ModelMetrics;
import io.solebox.server.models.AnswerMetrics;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What answers took, since the start of the server, under our own names and under those that vLLM
 * and llama-server have for the same.
 */
final class AnswerPage {
  private static final String OURS = "model";
  private static final String VLLM = "model_name";

  private record Times(
      String name, String label, String help, Function<ModelMetrics, Histogram> of) {}

  private record Total(String name, String label, String help, ToDoubleFunction<ModelMetrics> of) {}

  private static final List<Times> HISTOGRAMS =
      List.of(
          new Times(
              "solebox_queue_seconds",
              OURS,
              "From the submission of an answer to its first step.",
              ModelMetrics::queueTime),
          new Times(
              "solebox_prefill_seconds",
              OURS,
              "From the first step to the first token.",
              ModelMetrics::prefillTime),
          new Times(
              "solebox_decode_seconds",
              OURS,
              "From the first token to the last.",
              ModelMetrics::decodeTime),
          new Times(
              "solebox_answer_seconds",
              OURS,
              "From the submission of an answer to its end.",
              ModelMetrics::answerTime),
          new Times(
              "solebox_time_to_first_token_seconds",
              OURS,
              "From the submission of an answer to its first token.",
              ModelMetrics::firstToken),
          new Times(
              "solebox_inter_token_latency_seconds",
              OURS,
              "From one token of an answer to the next.",
              ModelMetrics::interToken),
          new Times("solebox_prompt_tokens", OURS, "Tokens of a prompt.", ModelMetrics::promptSize),
          new Times(
              "solebox_answer_tokens", OURS, "Tokens of an answer.", ModelMetrics::answerSize),
          new Times(
              "vllm:request_queue_time_seconds", VLLM, "Time waiting.", ModelMetrics::queueTime),
          new Times(
              "vllm:request_prefill_time_seconds",
              VLLM,
              "Time in prefill.",
              ModelMetrics::prefillTime),
          new Times(
              "vllm:request_decode_time_seconds",
              VLLM,
              "Time in decode.",
              ModelMetrics::decodeTime),
          new Times(
              "vllm:e2e_request_latency_seconds",
              VLLM,
              "Time of the whole request.",
              ModelMetrics::answerTime),
          new Times(
              "vllm:time_to_first_token_seconds",
              VLLM,
              "Time to the first token.",
              ModelMetrics::firstToken),
          new Times(
              "vllm:inter_token_latency_seconds",
              VLLM,
              "Time between tokens.",
              ModelMetrics::interToken),
          new Times(
              "vllm:request_prompt_tokens", VLLM, "Tokens of a prompt.", ModelMetrics::promptSize),
          new Times(
              "vllm:request_generation_tokens",
              VLLM,
              "Tokens of an answer.",
              ModelMetrics::answerSize));

  private static final List<Total> TOTALS =
      List.of(
          new Total(
              "solebox_prompt_tokens_total",
              OURS,
              "Tokens of prompts, with those found in the prefix cache.",
              m -> m.promptTokens().sum()),
          new Total(
              "solebox_prefix_cache_queries_total",
              OURS,
              "Tokens of prompts that were looked for in the prefix cache.",
              m -> m.promptSize().total()),
          new Total(
              "solebox_prefix_cache_hits_total",
              OURS,
              "Tokens of prompts that were found in the prefix cache.",
              m -> m.cachedTokens().sum()),
          new Total(
              "solebox_generated_tokens_total",
              OURS,
              "Tokens of answers.",
              m -> m.generatedTokens().sum()),
          new Total(
              "vllm:prompt_tokens_total", VLLM, "Prompt tokens.", m -> m.promptTokens().sum()),
          new Total(
              "vllm:generation_tokens_total",
              VLLM,
              "Generated tokens.",
              m -> m.generatedTokens().sum()),
          new Total(
              "vllm:prefix_cache_queries_total",
              VLLM,
              "Tokens looked for in the prefix cache.",
              m -> m.promptSize().total()),
          new Total(
              "vllm:prefix_cache_hits_total",
              VLLM,
              "Tokens found in the prefix cache.",
              m -> m.cachedTokens().sum()),
          new Total(
              "llamacpp:prompt_tokens_total",
              OURS,
              "Prompt tokens that were computed.",
              m -> m.promptTokens().sum() - m.cachedTokens().sum()),
          new Total(
              "llamacpp:prompt_seconds_total",
              OURS,
              "Time in prefill.",
              m -> m.prefillTime().total()),
          new Total(
              "llamacpp:tokens_predicted_total",
              OURS,
              "Generated tokens.",
              m -> m.generatedTokens().sum()),
          new Total(
              "llamacpp:tokens_predicted_seconds_total",
              OURS,
              "Time in decode.",
              m -> m.decodeTime().total()));

  private final Map<String, ModelMetrics> models;

  AnswerPage(AnswerMetrics metrics) {
    this.models = metrics.byModel();
  }

  void write(Exposition page) {
    for (Times times : HISTOGRAMS) {
      page.metric(times.name(), MetricType.HISTOGRAM, times.help());
      models.forEach(
          (model, m) -> page.histogram(Labels.of(times.label(), model), times.of().apply(m)));
    }
    for (Total total : TOTALS) {
      page.metric(total.name(), MetricType.COUNTER, total.help());
      models.forEach(
          (model, m) -> page.value(Labels.of(total.label(), model), total.of().applyAsDouble(m)));
    }
    page.metric("solebox_answers_total", MetricType.COUNTER, "Answers by how they ended.");
    models.forEach(
        (model, m) -> tallies(page, Labels.of(OURS, model), "reason", m.finished().totals()));
    page.metric(
        "solebox_answer_errors_total",
        MetricType.COUNTER,
        "Answers that broke off, by error code.");
    models.forEach(
        (model, m) -> tallies(page, Labels.of(OURS, model), "code", m.failed().totals()));
    page.metric("vllm:request_success_total", MetricType.COUNTER, "Answers that were completed.");
    models.forEach(
        (model, m) -> {
          Map<String, Long> completed = m.finished().totals();
          completed.remove("cancelled");
          tallies(page, Labels.of(VLLM, model), "finished_reason", completed);
        });
  }

  private static void tallies(
      Exposition page, Labels labels, String label, Map<String, Long> totals) {
    totals.forEach((key, total) -> page.value(labels.and(label, key), total));
  }
}
