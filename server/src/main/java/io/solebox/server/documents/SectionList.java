package io.solebox.server.documents;

import java.util.ArrayList;
import java.util.List;

/** The sections of one document as they come, no more and no longer than its limits allow. */
final class SectionList {
  /** Each of them takes memory, however short it is. */
  private static final int MOST = 100_000;

  private final String name;
  private final DocumentLimits limits;
  private final List<Section> sections = new ArrayList<>();
  private long text;
  private long headings;

  SectionList(String name, DocumentLimits limits) {
    this.name = name;
    this.limits = limits;
  }

  /**
   * Adds one, if there is anything in it.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_DOCUMENT} if that is too much
   */
  void add(Place place, String content) {
    if (content.isBlank()) {
      return;
    }
    text += content.length();
    headings += place.headings().stream().mapToLong(String::length).sum();
    if (text > limits.characters() || headings > limits.characters()) {
      throw BadDocument.tooMuchText(name, limits.characters());
    }
    if (sections.size() == MOST) {
      throw BadDocument.of(
          name,
          "It has more than %,d sections, as headings begin them.".formatted(MOST),
          "Cut it into smaller ones.");
    }
    sections.add(new Section(place, content));
  }

  List<Section> all() {
    return sections;
  }
}
