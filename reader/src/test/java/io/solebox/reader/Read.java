package io.solebox.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Remembers what was read. */
final class Read implements Sink {
  final List<DocumentType> types = new ArrayList<>();
  final List<Section> sections = new ArrayList<>();
  final List<String> notes = new ArrayList<>();

  @Override
  public void type(DocumentType type) {
    types.add(type);
  }

  @Override
  public void section(Section section) {
    sections.add(section);
  }

  @Override
  public void note(String note) {
    notes.add(note);
  }

  /** A line for each section: {@code page: heading > heading: text}, ends of lines as bars. */
  String outline() {
    return sections.stream()
        .map(
            section ->
                section.page().stream().mapToObj(page -> page + ": ").collect(Collectors.joining())
                    + String.join(" > ", section.headings())
                    + ": "
                    + section.text().strip().replace("\n", " / "))
        .collect(Collectors.joining("\n"));
  }
}
