package io.solebox.server.usage;

import io.solebox.server.limits.Used;
import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.MetricType;
import io.solebox.server.metrics.Labels;
import io.solebox.server.usage.UsageLedger.UsageTotals;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What was used since the start, as metrics: by model and group, and without names of users, unless
 * somebody asked for them.
 *
 * @param users whether series have the users' ids
 */
public record UsagePage(UsageLedger ledger, boolean users) {
  /** Writes its metrics. */
  public void write(Exposition page) {
    Map<String, Used> sums = new TreeMap<>();
    Map<String, Labels> labels = new TreeMap<>();
    ledger
        .totals()
        .forEach(
            (total, used) -> {
              Labels its = labels(total);
              labels.put(its.text(), its);
              sums.merge(its.text(), used, Used::plus);
            });
    counter(page, "requests", "Requests that used a model.", sums, labels, Used::requests);
    counter(page, "prompt_tokens", "Tokens of their prompts.", sums, labels, Used::prompt);
    counter(
        page,
        "cached_tokens",
        "Those of them that were in the prefix cache.",
        sums,
        labels,
        Used::cached);
    counter(page, "generated_tokens", "Tokens of answers.", sums, labels, Used::generated);
  }

  private Labels labels(UsageTotals total) {
    Labels labels = Labels.of("model", total.model()).and("group", total.group());
    return users ? labels.and("user", total.user()) : labels;
  }

  private static void counter(
      Exposition page,
      String name,
      String help,
      Map<String, Used> sums,
      Map<String, Labels> labels,
      ToLongFunction<Used> of) {
    Exposition metric = page.metric("solebox_usage_" + name + "_total", MetricType.COUNTER, help);
    sums.forEach((key, used) -> metric.value(labels.get(key), of.applyAsLong(used)));
  }
}
