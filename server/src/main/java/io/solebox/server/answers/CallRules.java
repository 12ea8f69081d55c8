package io.solebox.server.answers;

import java.util.Set;

/**
 * What a request says about the calls of its answer.
 *
 * @param required whether the answer must call a tool
 * @param names of the tools that may be called; empty for all that were offered, and for whatever
 *     else the model calls
 * @param single whether one call is the most there may be
 */
public record CallRules(boolean required, Set<String> names, boolean single) {
  /** The model is free. */
  public static final CallRules FREE = new CallRules(false, Set.of(), false);

  public CallRules {
    names = Set.copyOf(names);
  }

  public CallRules withSingle(boolean value) {
    return new CallRules(required, names, value);
  }
}
