package io.solebox.store.layout;

import io.solebox.store.blob.Digest;
import java.util.Optional;

/**
 * The model of the store that another one was made of, written {@code NAME@sha256:HEX}.
 *
 * @param name by which it was known then
 * @param manifest of its generation
 */
public record MadeFrom(ModelName name, Digest manifest) {
  /** What a model was made of; empty where it was not made of one that was in the store. */
  public static Optional<MadeFrom> of(Manifest made) {
    String text = made.annotations().getOrDefault(Annotations.MADE_FROM, "");
    int at = text.lastIndexOf('@');
    return at < 0
        ? Optional.empty()
        : ModelName.find(text.substring(0, at))
            .flatMap(
                name ->
                    Digest.parse(text.substring(at + 1)).map(digest -> new MadeFrom(name, digest)));
  }

  @Override
  public String toString() {
    return name + "@" + manifest;
  }
}
