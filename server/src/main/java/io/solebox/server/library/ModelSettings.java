package io.solebox.server.library;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What goes along with a model, as Ollama keeps it in layers beside the weights.
 *
 * @param system that a chat begins with, unless it has one
 * @param parameters options by Ollama's names, unless a request has them
 * @param messages that come before those of a request, as JSON objects
 */
public record ModelSettings(
    Optional<String> system, Map<String, Object> parameters, List<Map<String, Object>> messages) {
  /** A model as it is. */
  public static final ModelSettings NONE = new ModelSettings(Optional.empty(), Map.of(), List.of());
}
