package io.solebox.reader;

import java.util.List;
import java.util.OptionalInt;

/**
 * A part of a document's text.
 *
 * @param page from 1, of what has pages or slides
 * @param headings that it stands under, outermost first
 */
record Section(OptionalInt page, List<String> headings, String text) {
  Section {
    headings = List.copyOf(headings);
  }
}
