package io.solebox.server.health;

import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.Type;
import io.solebox.server.metrics.Labels;
import io.solebox.server.models.Models;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What models hold now, and how they were loaded. */
record LoadedMetrics(Models models) {
  /**
   * A number that a loaded model has.
   *
   * @param model the name of the label that names the model
   */
  private record Number(
      String name, Type type, String model, String help, ToDoubleFunction<LoopStats> of) {
    static Number ours(String name, Type type, String help, ToDoubleFunction<LoopStats> of) {
      return new Number("solebox_" + name, type, "model", help, of);
    }

    static Number vllm(String name, Type type, String help, ToDoubleFunction<LoopStats> of) {
      return new Number("vllm:" + name, type, "model_name", help, of);
    }

    static Number llama(String name, Type type, String help, ToDoubleFunction<LoopStats> of) {
      return new Number("llamacpp:" + name, type, "model", help, of);
    }
  }

  private static final List<Number> NUMBERS =
      List.of(
          Number.ours(
              "running_answers", Type.GAUGE, "Sequences being computed.", LoopStats::running),
          Number.ours(
              "waiting_answers",
              Type.GAUGE,
              "Sequences that wait for their turn.",
              LoopStats::waiting),
          Number.ours("kv_blocks", Type.GAUGE, "Blocks of the KV cache.", LoopStats::totalBlocks),
          Number.ours(
              "kv_blocks_used", Type.GAUGE, "Blocks of running sequences.", LoopStats::usedBlocks),
          Number.ours(
              "kv_blocks_cached",
              Type.GAUGE,
              "Blocks that only the prefix cache holds.",
              LoopStats::cachedBlocks),
          Number.ours(
              "kv_cache_usage_ratio",
              Type.GAUGE,
              "Share of the KV cache that running sequences hold, 0 to 1.",
              LoadedMetrics::usage),
          Number.ours(
              "preemptions_total",
              Type.COUNTER,
              "Sequences that gave their blocks back, to be computed again; since the load.",
              LoopStats::preemptions),
          Number.ours(
              "drafted_tokens_total",
              Type.COUNTER,
              "Tokens that were guessed ahead; since the load.",
              LoopStats::draftedTokens),
          Number.ours(
              "accepted_draft_tokens_total",
              Type.COUNTER,
              "Tokens that were guessed right; since the load.",
              LoopStats::acceptedTokens),
          Number.vllm(
              "num_requests_running", Type.GAUGE, "Requests being computed.", LoopStats::running),
          Number.vllm(
              "num_requests_waiting", Type.GAUGE, "Requests that wait.", LoopStats::waiting),
          Number.vllm(
              "kv_cache_usage_perc",
              Type.GAUGE,
              "KV cache in use; 1 is all of it.",
              LoadedMetrics::usage),
          Number.vllm(
              "num_preemptions_total", Type.COUNTER, "Preemptions.", LoopStats::preemptions),
          Number.llama(
              "requests_processing", Type.GAUGE, "Requests being computed.", LoopStats::running),
          Number.llama("requests_deferred", Type.GAUGE, "Requests that wait.", LoopStats::waiting),
          Number.llama(
              "spec_decode_num_draft_tokens_total",
              Type.COUNTER,
              "Tokens that were guessed ahead.",
              LoopStats::draftedTokens),
          Number.llama(
              "spec_decode_num_accepted_tokens_total",
              Type.COUNTER,
              "Tokens that were guessed right.",
              LoopStats::acceptedTokens));

  private static double usage(LoopStats stats) {
    return stats.totalBlocks() == 0 ? 0 : (double) stats.usedBlocks() / stats.totalBlocks();
  }

  void write(Exposition page) {
    List<Status> all = models.all();
    for (Number number : NUMBERS) {
      page.metric(number.name(), number.type(), number.help());
      for (Status status : all) {
        if (status.state() instanceof ModelState.Ready ready) {
          page.value(
              Labels.of(number.model(), status.name()),
              number.of().applyAsDouble(ready.model().stats()));
        }
      }
    }
    writeLoads(page, all);
    writeMemory(page);
  }

  private static void writeLoads(Exposition page, List<Status> all) {
    page.metric("solebox_model_loaded", Type.GAUGE, "1 where the model is loaded, else 0.");
    each(page, all, status -> status.state() instanceof ModelState.Ready ? 1 : 0);
    page.metric("solebox_model_load_seconds", Type.SUMMARY, "How long loads took.");
    all.forEach(
        status ->
            page.sums(
                Labels.of("model", status.name()),
                status.history().loadNanos() / 1e9,
                status.history().loads()));
    page.metric(
        "solebox_model_load_failures_total", Type.COUNTER, "Loads that were refused or broke off.");
    each(page, all, status -> status.history().failures());
    page.metric("solebox_model_unloads_total", Type.COUNTER, "Unloads, for whatever reason.");
    each(page, all, status -> status.history().unloads());
  }

  private static void each(Exposition page, List<Status> all, ToDoubleFunction<Status> number) {
    all.forEach(
        status -> page.value(Labels.of("model", status.name()), number.applyAsDouble(status)));
  }

  private void writeMemory(Exposition page) {
    List<MemoryLedger> ledgers = models.memory();
    page.metric("solebox_memory_budget_bytes", Type.GAUGE, "What all models may take of a device.");
    ledgers.forEach(
        ledger -> page.value(Labels.of("device", ledger.device()), ledger.capacityBytes()));
    page.metric("solebox_memory_free_bytes", Type.GAUGE, "What of that no model holds.");
    ledgers.forEach(ledger -> page.value(Labels.of("device", ledger.device()), ledger.freeBytes()));
  }
}
