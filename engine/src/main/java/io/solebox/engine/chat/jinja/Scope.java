package io.solebox.engine.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Variables. A loop, macro, call, filter or {@code with} has a scope of its own that reads from the
 * outer one and never writes to it; {@code if} has none.
 */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, Object> variables;

  private Scope(Optional<Scope> outer, Map<String, Object> variables) {
    this.outer = outer;
    this.variables = variables;
  }

  static Scope of(Map<String, Object> variables) {
    return new Scope(Optional.empty(), new HashMap<>(variables));
  }

  Scope inner() {
    return new Scope(Optional.of(this), new HashMap<>());
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Object get(String name) {
    for (Optional<Scope> scope = Optional.of(this); scope.isPresent(); scope = scope.get().outer) {
      Map<String, Object> found = scope.get().variables;
      Object value = found.get(name);
      if (value != null || found.containsKey(name)) {
        return value;
      }
    }
    return Undefined.variable(name);
  }
}
