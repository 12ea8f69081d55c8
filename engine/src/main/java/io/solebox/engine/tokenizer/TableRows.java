package io.solebox.engine.tokenizer;

import io.solebox.engine.error.Printable;
import java.util.List;

/**
 * How many rows a model's table of embeddings has for its vocabulary.
 *
 * @param least ids there must be; those without a token are unused
 * @param most ids there may be; added tokens from there on are left out
 */
record TableRows(int least, int most) {
  private static final int MOST_NAMES = 8;

  /** Of a vocabulary without a model. */
  static final TableRows ANY = new TableRows(0, Integer.MAX_VALUE);

  /**
   * What there is to say of added tokens that were left out.
   *
   * @param texts of them
   */
  List<String> notes(List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    List<String> first = texts.stream().limit(MOST_NAMES).map(Printable::name).toList();
    String names = String.join(", ", first) + (texts.size() > MOST_NAMES ? " and others" : "");
    return List.of(
        "The tokenizer's files add %s for which the model's table of %d rows has none: %s. In texts %s."
            .formatted(
                texts.size() == 1 ? "1 token" : texts.size() + " tokens",
                most,
                names,
                texts.size() == 1 ? "it is plain text" : "they are plain text"));
  }
}
