package io.solebox.scout.outbox;

import io.solebox.scout.item.StoredJson;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.notice.Told;
import io.solebox.scout.notice.Word;
import io.solebox.scout.story.Happening;
import java.util.Arrays;
import java.util.Optional;

/**
 * What sort of news it is.
 *
 * @param happening of a thing; empty for what the scout says of itself
 */
record Kind(Optional<Happening> happening) {
  private static final String WORD = "WORD";

  static Kind of(Told told) {
    return switch (told) {
      case Notice notice -> new Kind(Optional.of(notice.event().happening()));
      case Word _ -> new Kind(Optional.empty());
    };
  }

  /** From how it is stored; what is damaged counts as a word, which waits for nothing. */
  static Kind of(String stored) {
    return new Kind(
        Arrays.stream(Happening.values()).filter(each -> each.name().equals(stored)).findFirst());
  }

  String stored() {
    return happening.map(Happening::name).orElse(WORD);
  }

  /**
   * News of this kind, from how they are stored.
   *
   * @throws IllegalArgumentException if they are something else
   */
  Told read(String body) {
    return happening.isPresent()
        ? StoredJson.read(body, Notice.class)
        : StoredJson.read(body, Word.class);
  }
}
