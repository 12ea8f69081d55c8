package io.solebox.engine.tokenizer;

import io.solebox.engine.error.Printable;
import java.util.Optional;

/** Whether the ids of two models mean the same. */
public final class Vocabularies {
  private Vocabularies() {}

  /**
   * The first id that means something else, as in {@code id 5 is "b", not "a"}; vocabularies may be
   * filled up with ids that mean nothing.
   *
   * @param expected whose ids count as right
   */
  public static Optional<String> difference(Tokenizer expected, Tokenizer actual) {
    int both = Math.min(expected.vocabSize(), actual.vocabSize());
    for (int id = 0; id < both; id++) {
      boolean unused = expected.isUnused(id) && actual.isUnused(id);
      if (!unused && !expected.tokenText(id).equals(actual.tokenText(id))) {
        return Optional.of(
            "id %d is \"%s\", not \"%s\"".formatted(id, text(actual, id), text(expected, id)));
      }
    }
    Tokenizer larger = expected.vocabSize() > both ? expected : actual;
    for (int id = both; id < larger.vocabSize(); id++) {
      if (!larger.isUnused(id)) {
        return Optional.of(
            "it has %d tokens, not %d, and id %d is \"%s\""
                .formatted(actual.vocabSize(), expected.vocabSize(), id, text(larger, id)));
      }
    }
    return Optional.empty();
  }

  private static String text(Tokenizer tokenizer, int id) {
    return Printable.name(tokenizer.tokenText(id));
  }
}
