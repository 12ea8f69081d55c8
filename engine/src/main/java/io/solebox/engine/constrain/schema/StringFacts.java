package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.schema.Alternative.Denied;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a string.
 *
 * @param min code points
 * @param max code points; {@link Integer#MAX_VALUE} for no bound
 * @param patterns what must be found in it
 * @param notPatterns what must not be found in it
 * @param allowed the only ones; empty if any is allowed
 */
record StringFacts(
    int min,
    int max,
    Set<Rule> patterns,
    Set<Rule> notPatterns,
    Optional<List<String>> allowed,
    List<String> denied) {

  /**
   * A pattern, or the name of a format.
   *
   * @param keyword the one or the other
   */
  record Rule(String keyword, String text) {}

  static StringFacts of(Alternative alternative, StringLanguages languages) {
    int min = 0;
    int max = Integer.MAX_VALUE;
    Set<Rule> patterns = new LinkedHashSet<>();
    Set<Rule> notPatterns = new LinkedHashSet<>();
    for (Schema schema : alternative.asserted()) {
      min = Math.max(min, schema.count("minLength").orElse(0));
      max = Math.min(max, schema.count("maxLength").orElse(Integer.MAX_VALUE));
      for (String keyword : List.of("pattern", "format")) {
        if (schema.has(keyword)) {
          languages.rule(schema, keyword).ifPresent(patterns::add);
        }
      }
    }
    for (Denied atom : alternative.denied()) {
      Schema schema = atom.schema();
      switch (atom.keyword()) {
        case "minLength" -> max = Math.min(max, schema.count("minLength").orElse(0) - 1);
        case "maxLength" ->
            min =
                Math.max(
                    min,
                    (int) Math.min(Integer.MAX_VALUE, schema.count("maxLength").orElse(0) + 1L));
        case "pattern", "format" ->
            languages.rule(schema, atom.keyword()).ifPresent(notPatterns::add);
        default -> {
          // of other kinds of values
        }
      }
    }
    Scalars scalars = Scalars.of(alternative);
    return new StringFacts(
        min, max, patterns, notPatterns, scalars.texts(), scalars.deniedTexts().toList());
  }

  boolean isFree() {
    return patterns.isEmpty() && notPatterns.isEmpty() && allowed.isEmpty() && denied.isEmpty();
  }
}
