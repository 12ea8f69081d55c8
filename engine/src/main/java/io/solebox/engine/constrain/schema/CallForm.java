package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import java.util.Optional;

/** How the arguments of a call are written that are no JSON object. */
public sealed interface CallForm permits ArgumentForm, CallForm.Literals {
  /**
   * As a programming language writes them: {@code a='x', b=[1, None]}.
   *
   * @param assign what stands between the name of an argument and its value
   * @param mark what stands around texts, also around names that cannot stand for themselves; empty
   *     where texts and words are those of Python, or of JSON
   */
  record Literals(String assign, Optional<Mark> mark) implements CallForm {}

  /**
   * What stands around a text that is written as it is.
   *
   * @param written the same in a grammar
   */
  record Mark(String text, Expression written) {}

  /** What no string may have in it. */
  default Optional<String> forbidden() {
    return switch (this) {
      case ArgumentForm form -> Optional.of(form.end());
      case Literals literals -> literals.mark().map(Mark::text);
    };
  }
}
