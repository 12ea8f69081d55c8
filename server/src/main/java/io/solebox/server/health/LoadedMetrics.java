package io.solebox.server.health;

import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.MetricType;
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
  private record Figure(
      String name, MetricType type, String model, String help, ToDoubleFunction<LoopStats> of) {
    static Figure ours(String name, MetricType type, String help, ToDoubleFunction<LoopStats> of) {
      return new Figure("solebox_" + name, type, "model", help, of);
    }

    static Figure vllm(String name, MetricType type, String help, ToDoubleFunction<LoopStats> of) {
      return new Figure("vllm:" + name, type, "model_name", help, of);
    }

    static Figure llama(String name, MetricType type, String help, ToDoubleFunction<LoopStats> of) {
      return new Figure("llamacpp:" + name, type, "model", help, of);
    }
  }

  private static final List<Figure> NUMBERS =
      List.of(
          Figure.ours(
              "running_answers", MetricType.GAUGE, "Sequences being computed.", LoopStats::running),
          Figure.ours(
              "waiting_answers",
              MetricType.GAUGE,
              "Sequences that wait for their turn.",
              LoopStats::waiting),
          Figure.ours(
              "kv_blocks", MetricType.GAUGE, "Blocks of the KV cache.", LoopStats::totalBlocks),
          Figure.ours(
              "kv_blocks_used",
              MetricType.GAUGE,
              "Blocks of running sequences.",
              LoopStats::usedBlocks),
          Figure.ours(
              "kv_blocks_cached",
              MetricType.GAUGE,
              "Blocks that only the prefix cache holds.",
              LoopStats::cachedBlocks),
          Figure.ours(
              "kv_cache_usage_ratio",
              MetricType.GAUGE,
              "Share of the KV cache that running sequences hold, 0 to 1.",
              LoadedMetrics::usage),
          Figure.ours(
              "preemptions_total",
              MetricType.COUNTER,
              "Sequences that gave their blocks back, to be computed again; since the load.",
              LoopStats::preemptions),
          Figure.ours(
              "kv_spilled_total",
              MetricType.COUNTER,
              "Blocks and snapshots that went from the KV cache elsewhere; since the load.",
              stats -> stats.spill().spilled().pieces()),
          Figure.ours(
              "kv_spilled_bytes_total",
              MetricType.COUNTER,
              "Bytes of them; since the load.",
              stats -> stats.spill().spilled().bytes()),
          Figure.ours(
              "kv_restored_total",
              MetricType.COUNTER,
              "Those that came back instead of being computed again; since the load.",
              stats -> stats.spill().restored().pieces()),
          Figure.ours(
              "kv_restored_bytes_total",
              MetricType.COUNTER,
              "Bytes of them; since the load.",
              stats -> stats.spill().restored().bytes()),
          Figure.ours(
              "kv_spill_written_total",
              MetricType.COUNTER,
              "Those that went on from host memory to a disk; since the load.",
              stats -> stats.spill().written().pieces()),
          Figure.ours(
              "kv_spill_written_bytes_total",
              MetricType.COUNTER,
              "Bytes of them; since the load.",
              stats -> stats.spill().written().bytes()),
          Figure.ours(
              "kv_spill_read_total",
              MetricType.COUNTER,
              "Those that came from a disk to host memory; since the load.",
              stats -> stats.spill().read().pieces()),
          Figure.ours(
              "kv_spill_read_bytes_total",
              MetricType.COUNTER,
              "Bytes of them; since the load.",
              stats -> stats.spill().read().bytes()),
          Figure.ours(
              "kv_spill_lost_total",
              MetricType.COUNTER,
              "Those for which there was no room elsewhere; since the load.",
              stats -> stats.spill().lost()),
          Figure.ours(
              "kv_spill_failures_total",
              MetricType.COUNTER,
              "What a disk did not take, or did not give back as it was; since the load.",
              stats -> stats.spill().failures()),
          Figure.ours(
              "kv_spill_memory_bytes",
              MetricType.GAUGE,
              "Host memory that holds what left the KV cache.",
              stats -> stats.spill().memoryBytes()),
          Figure.ours(
              "kv_spill_disk_bytes",
              MetricType.GAUGE,
              "Disk space that holds what left the KV cache.",
              stats -> stats.spill().diskBytes()),
          Figure.ours(
              "drafted_tokens_total",
              MetricType.COUNTER,
              "Tokens that were guessed ahead; since the load.",
              LoopStats::draftedTokens),
          Figure.ours(
              "accepted_draft_tokens_total",
              MetricType.COUNTER,
              "Tokens that were guessed right; since the load.",
              LoopStats::acceptedTokens),
          Figure.vllm(
              "num_requests_running",
              MetricType.GAUGE,
              "Requests being computed.",
              LoopStats::running),
          Figure.vllm(
              "num_requests_waiting", MetricType.GAUGE, "Requests that wait.", LoopStats::waiting),
          Figure.vllm(
              "kv_cache_usage_perc",
              MetricType.GAUGE,
              "KV cache in use; 1 is all of it.",
              LoadedMetrics::usage),
          Figure.vllm(
              "num_preemptions_total", MetricType.COUNTER, "Preemptions.", LoopStats::preemptions),
          Figure.llama(
              "requests_processing",
              MetricType.GAUGE,
              "Requests being computed.",
              LoopStats::running),
          Figure.llama(
              "requests_deferred", MetricType.GAUGE, "Requests that wait.", LoopStats::waiting),
          Figure.llama(
              "spec_decode_num_draft_tokens_total",
              MetricType.COUNTER,
              "Tokens that were guessed ahead.",
              LoopStats::draftedTokens),
          Figure.llama(
              "spec_decode_num_accepted_tokens_total",
              MetricType.COUNTER,
              "Tokens that were guessed right.",
              LoopStats::acceptedTokens));

  private static double usage(LoopStats stats) {
    return stats.totalBlocks() == 0 ? 0 : (double) stats.usedBlocks() / stats.totalBlocks();
  }

  void write(Exposition page) {
    List<Status> all = models.everything();
    for (Figure number : NUMBERS) {
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
    page.metric("solebox_model_loaded", MetricType.GAUGE, "1 where the model is loaded, else 0.");
    each(page, all, status -> status.state() instanceof ModelState.Ready ? 1 : 0);
    page.metric("solebox_model_load_seconds", MetricType.SUMMARY, "How long loads took.");
    all.forEach(
        status ->
            page.sums(
                Labels.of("model", status.name()),
                status.history().loadNanos() / 1e9,
                status.history().loads()));
    page.metric(
        "solebox_model_load_failures_total",
        MetricType.COUNTER,
        "Loads that were refused or broke off.");
    each(page, all, status -> status.history().failures());
    page.metric("solebox_model_unloads_total", MetricType.COUNTER, "Unloads, for whatever reason.");
    each(page, all, status -> status.history().unloads());
  }

  private static void each(Exposition page, List<Status> all, ToDoubleFunction<Status> number) {
    all.forEach(
        status -> page.value(Labels.of("model", status.name()), number.applyAsDouble(status)));
  }

  private void writeMemory(Exposition page) {
    List<MemoryLedger> ledgers = models.memory();
    page.metric(
        "solebox_memory_budget_bytes", MetricType.GAUGE, "What all models may take of a device.");
    ledgers.forEach(
        ledger ->
            page.value(Labels.of("device", ledger.device()), (double) ledger.capacityBytes()));
    page.metric("solebox_memory_free_bytes", MetricType.GAUGE, "What of that no model holds.");
    ledgers.forEach(
        ledger -> page.value(Labels.of("device", ledger.device()), (double) ledger.freeBytes()));
  }
}
