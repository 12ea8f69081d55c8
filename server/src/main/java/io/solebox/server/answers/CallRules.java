package io.solebox.server.answers;

import io.solebox.engine.constrain.structure.Structure;
import java.util.Map;
import java.util.Set;

/**
 * What a request says about the calls of its answer.
 *
 * @param required whether the answer must call a tool
 * @param names of the tools that may be called; empty for all that were offered, and for whatever
 *     else the model calls
 * @param single whether one call is the most there may be
 * @param strict tools whose arguments are held to a schema, by their names
 */
public record CallRules(
    boolean required, Set<String> names, boolean single, Map<String, Strict> strict) {
  /**
   * What arguments are held to.
   *
   * @param param that asks for it
   * @param schemaParam that has the schema
   */
  public record Strict(Structure schema, String param, String schemaParam) {}

  /** The model is free. */
  public static final CallRules FREE = new CallRules(false, Set.of(), false);

  public CallRules {
    names = Set.copyOf(names);
    strict = Map.copyOf(strict);
  }

  /** Without schemas. */
  public CallRules(boolean required, Set<String> names, boolean single) {
    this(required, names, single, Map.of());
  }

  public CallRules withSingle(boolean value) {
    return new CallRules(required, names, value, strict);
  }

  public CallRules withStrict(Map<String, Strict> value) {
    return new CallRules(required, names, single, value);
  }
}
