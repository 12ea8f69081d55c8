package io.solebox.server.knowledge.chunk;

import io.solebox.server.documents.Place;

/**
 * A piece of a document, short enough to be embedded.
 *
 * @param ordinal from 0, in the document
 * @param place of its section
 * @param section from 0, in the document
 * @param from where it begins in the text of its section, in UTF-16 units
 * @param to where it ends there, itself not in it
 * @param text what stands there
 */
public record Chunk(int ordinal, Place place, int section, int from, int to, String text) {
  /**
   * The words by which it is found. Those of headings count twice: they say what a text is about,
   * which the text itself need not say again.
   */
  public String words() {
    String headings = String.join("\n", place.headings());
    return headings + "\n" + headings + "\n" + text;
  }
}
