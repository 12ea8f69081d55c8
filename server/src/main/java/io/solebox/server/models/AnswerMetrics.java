package io.solebox.server.models;

import io.solebox.server.http.RequestNotes;
import io.solebox.server.limits.Account;
import io.solebox.server.metrics.ModelMetrics;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What the answers of each model took. Safe for many threads. */
public final class AnswerMetrics {
  private final Map<String, ModelMetrics> models = new ConcurrentHashMap<>();

  /**
   * @param model of the catalog, so that there are no more than models
   */
  AnswerMeter meter(String model, RequestNotes notes, Account account) {
    ModelMetrics of = models.computeIfAbsent(model, _ -> new ModelMetrics());
    return new AnswerMeter(of, notes, account);
  }

  /** By the names of the models that were used, in order. */
  public Map<String, ModelMetrics> byModel() {
    return new TreeMap<>(models);
  }
}
