package io.solebox.server.documents;

/**
 * A part of a document's text.
 *
 * @param text as the document has it, with the heading that it stands under; ends of lines are
 *     {@code \n}
 */
public record Section(Place place, String text) {}
