package io.solebox.server.documents;

import java.util.List;

/**
 * What is to be read in a document.
 *
 * @param sections in reading order; none is empty
 * @param notes what people are to know of how it was read, as sentences
 */
public record DocumentText(List<Section> sections, List<String> notes) {
  public DocumentText {
    sections = List.copyOf(sections);
    notes = List.copyOf(notes);
  }

  /** In UTF-16 units. */
  public long length() {
    return sections.stream().mapToLong(section -> section.text().length()).sum();
  }
}
