package io.solebox.server.ollama;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What goes along with a name that was made of a model ({@code /api/create}).
 *
 * @param system unless a request has one
 * @param parameters options, unless a request has them
 * @param messages that come before those of a request
 */
record Preset(
    Optional<String> system, Map<String, Object> parameters, List<Map<String, Object>> messages) {
  /** A model as it is. */
  static final Preset NONE = new Preset(Optional.empty(), Map.of(), List.of());
}
