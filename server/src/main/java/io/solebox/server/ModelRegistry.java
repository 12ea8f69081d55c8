package io.solebox.server;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models that a server offers, by the names that requests use, and how far each one is. Safe
 * for many threads: loaders write, requests read. It owns no model; who loaded one closes it, after
 * the server.
 */
public final class ModelRegistry {
  /** How far a model is. */
  public sealed interface State {}

  /**
   * Being loaded.
   *
   * @param stage for people
   * @param fraction 0 to 1
   */
  public record Loading(String stage, double fraction) implements State {}

  /** Can answer, as long as its condition is good. */
  public record Ready(LoadedModel model, Condition condition) implements State {}

  /** What a loaded model knows of itself. Asked by any thread, and often. */
  @FunctionalInterface
  public interface Condition {
    Condition GOOD = Optional::empty;

    /** Why it cannot answer any more, as when its engine loop has ended. */
    Optional<SoleboxException> trouble();
  }

  /** Cannot be loaded. */
  public record Failed(SoleboxException error) implements State {}

  /**
   * @param since when the name was first registered
   */
  public record Entry(String name, State state, Instant since) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Registers a name whose model is about to be loaded. */
  public void loading(String name) {
    put(name, new Loading("waiting", 0));
  }

  public void ready(String name, LoadedModel model) {
    ready(name, model, Condition.GOOD);
  }

  /**
   * @param condition makes {@code /health} red when it is bad
   */
  public void ready(String name, LoadedModel model, Condition condition) {
    put(name, new Ready(model, condition));
  }

  public void failed(String name, SoleboxException error) {
    put(name, new Failed(error));
  }

  /** Takes a name away; requests for it get "not found". */
  public synchronized void remove(String name) {
    entries.remove(name);
  }

  /** What a loader reports goes into the registry, and on to {@code next}, which also cancels. */
  public Progress progress(String name, Progress next) {
    loading(name);
    return new Progress() {
      @Override
      public void report(String stage, double fraction) {
        put(name, new Loading(stage, Math.clamp(fraction, 0, 1)));
        next.report(stage, fraction);
      }

      @Override
      public boolean cancelled() {
        return next.cancelled();
      }
    };
  }

  public synchronized Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** All, in the order of their registration. */
  public synchronized List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  private synchronized void put(String name, State state) {
    Entry old = entries.get(name);
    entries.put(name, new Entry(name, state, old == null ? Instant.now() : old.since()));
  }
}
