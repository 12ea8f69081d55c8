package io.solebox.server.accounts;

import io.solebox.server.limits.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What some people have in common.
 *
 * @param models patterns of names that they may use, with {@code *} for any characters; no other
 *     model is there for them
 * @param limits of each of them who has none of their own, as words; {@code weight=X} and {@code
 *     background} among them say whose turn it is
 * @param shared limits of all of them together, as words
 * @param keep how long their texts are kept; zero for not at all, empty for as long as the server
 *     says
 */
public record Group(
    String name,
    List<String> models,
    List<String> limits,
    List<String> shared,
    Optional<Duration> keep) {
  public Group {
    models = List.copyOf(models);
    limits = List.copyOf(limits);
    shared = List.copyOf(shared);
  }

  /** One that restricts nothing. */
  public static Group open(String name) {
    return new Group(name, List.of("*"), List.of(), List.of(), Optional.empty());
  }

  public Group withModels(List<String> patterns) {
    return new Group(name, patterns, limits, shared, keep);
  }

  public Group withLimits(List<String> words) {
    return new Group(name, models, words, shared, keep);
  }

  public Group withShared(List<String> words) {
    return new Group(name, models, limits, words, keep);
  }

  /** Keeps their texts for so long; empty for as long as the server says. */
  public Group withKeep(Optional<Duration> time) {
    return new Group(name, models, limits, shared, time);
  }

  Limits ofEach() {
    return Limits.parse(limits, "limits");
  }

  Limits ofAll() {
    return Limits.parse(shared, "shared limits");
  }
}
