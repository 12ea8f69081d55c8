package io.solebox.engine.constrain.grammar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A context-free grammar over characters. What is wrong with it as a whole (a rule that is called
 * and not there, one that begins with itself) is found when it is compiled.
 *
 * @param root name of the rule that describes whole texts
 * @param rules by name, in the order that they were written
 */
public record Grammar(String root, Map<String, Expression> rules) {
  public Grammar {
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
  }

  /** A grammar of one rule. */
  public static Grammar of(Expression root) {
    return new Grammar("root", Map.of("root", root));
  }
}
