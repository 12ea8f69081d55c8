package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.schema.Alternative.Denied;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a string.
 *
 * @param lengths in code points
 * @param patterns what must be found in it
 * @param notPatterns what must not be found in it
 * @param allowed the only ones; empty if any is allowed
 */
record StringFacts(
    Counts lengths,
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
    Set<Rule> patterns = new LinkedHashSet<>();
    Set<Rule> notPatterns = new LinkedHashSet<>();
    for (Schema schema : alternative.asserted()) {
      for (String keyword : List.of("pattern", "format")) {
        if (schema.has(keyword)) {
          languages.rule(schema, keyword).ifPresent(patterns::add);
        }
      }
    }
    for (Denied atom : alternative.denied()) {
      if (atom.keyword().equals("pattern") || atom.keyword().equals("format")) {
        languages.rule(atom.schema(), atom.keyword()).ifPresent(notPatterns::add);
      }
    }
    Scalars scalars = Scalars.of(alternative);
    return new StringFacts(
        Counts.of(alternative, "minLength", "maxLength"),
        patterns,
        notPatterns,
        scalars.texts(),
        scalars.deniedTexts().toList());
  }

  boolean isFree() {
    return patterns.isEmpty() && notPatterns.isEmpty() && allowed.isEmpty() && denied.isEmpty();
  }
}
