package io.solebox.server.models;

import io.solebox.server.http.RequestNotes;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Charge;
import io.solebox.server.metrics.ModelMetrics;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What the answers of each model took. Safe for many threads. */
public final class AnswerMetrics {
  private final Map<String, ModelMetrics> models = new ConcurrentHashMap<>();
  private final Map<String, OngoingAnswers> ongoing = new ConcurrentHashMap<>();

  /**
   * @param model of the catalog, so that there are no more than models
   */
  AnswerMeter meter(String model, RequestNotes notes, Account account, Charge charge) {
    ModelMetrics of = models.computeIfAbsent(model, _ -> new ModelMetrics());
    return new AnswerMeter(of, ongoing(model), notes, account, charge);
  }

  private OngoingAnswers ongoing(String model) {
    return ongoing.computeIfAbsent(model, _ -> new OngoingAnswers());
  }

  /** The answers of a model of the catalog that are being computed, the oldest first. */
  public List<Ongoing> running(String model) {
    return ongoing(model).running();
  }

  /** All answers of a model that are not over, those included that wait; the oldest first. */
  public List<RunningAnswer> answers(String model) {
    return ongoing(model).all();
  }

  /**
   * Ends an answer; its client hears that somebody else did.
   *
   * @param number as {@link #answers} has it
   * @return whether there is one
   */
  public boolean stop(String model, long number) {
    return ongoing(model).stop(number);
  }

  /** Of one answer of a model, once it writes; empty where it has written too little to tell. */
  public OptionalDouble tokensPerSecond(String model) {
    ModelMetrics its = models.get(model);
    return its == null ? OptionalDouble.empty() : its.tokensPerSecond();
  }

  /** Of all models since the start. */
  public long generatedTokens() {
    return models.values().stream().mapToLong(its -> its.generatedTokens().sum()).sum();
  }

  /** By the names of the models that were used, in order. */
  public Map<String, ModelMetrics> byModel() {
    return new TreeMap<>(models);
  }
}
