package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Projection;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/** What a model's last layer is for; files say it by their way of pooling. */
enum Purpose {
  /** Gives the next token. */
  ANSWER,
  /** Gives vectors of texts. */
  EMBED,
  /** Says how well a text suits a question. */
  RANK;

  private static final int RANK_TYPE = 4;

  /** Of a file with a classifier, whatever its keys say: some converters leave them out. */
  Purpose with(Optional<Projection> labels) {
    return labels.isPresent() ? RANK : this;
  }

  /**
   * What scores a text.
   *
   * @throws IllegalArgumentException if a file to rank by has no such tensor
   */
  static Projection labels(Optional<Projection> labels) {
    return labels.orElseThrow(
        () -> new IllegalArgumentException("cls.output.weight is missing, which gives the score"));
  }

  static Purpose read(Keys keys) {
    int pooling = keys.countOr("pooling_type", 0);
    return pooling == 0 ? ANSWER : pooling == RANK_TYPE ? RANK : EMBED;
  }
}
