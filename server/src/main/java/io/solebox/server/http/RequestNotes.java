package io.solebox.server.http;

import io.solebox.engine.generation.Generation.Usage;
import java.util.Optional;

/**
 * What is told of a request when it is over, in the access log and in traces: never what it says,
 * nor what is answered. Safe for many threads.
 */
public final class RequestNotes {
  /** All that the notes say. */
  public record Told(
      Optional<String> model, Optional<String> code, Optional<Usage> usage, int computedTokens) {}

  private Optional<String> model = Optional.empty();
  private Optional<String> code = Optional.empty();
  private Optional<Usage> usage = Optional.empty();
  private int computedTokens;

  /** Which model the request uses. */
  public synchronized void model(String name) {
    model = Optional.of(name);
  }

  /** One of its answers is complete. */
  public synchronized void answered(Usage more) {
    usage = Optional.of(usage.map(before -> sum(before, more)).orElse(more));
  }

  /** Ids were computed that no answer follows. */
  public synchronized void computed(int tokens) {
    computedTokens += tokens;
  }

  /** It could not be answered, or not to the end; the first reason stays. */
  public synchronized void failed(String why) {
    code = code.or(() -> Optional.of(why));
  }

  synchronized Told told() {
    return new Told(model, code, usage, computedTokens);
  }

  private static Usage sum(Usage a, Usage b) {
    return new Usage(
        a.promptTokens() + b.promptTokens(),
        a.cachedTokens() + b.cachedTokens(),
        a.completionTokens() + b.completionTokens(),
        Math.max(a.queueNanos(), b.queueNanos()),
        a.prefillNanos() + b.prefillNanos(),
        Math.max(a.decodeNanos(), b.decodeNanos()));
  }
}
