package io.solebox.server.documents;

import java.util.List;
import java.util.OptionalInt;

/**
 * Where in a document something stands.
 *
 * @param page from 1, of what has pages or slides
 * @param headings chapters, headings, sheets and attachments that it is in, outermost first
 */
public record Place(OptionalInt page, List<String> headings) {
  /** The whole of a document without pages and headings. */
  public static final Place WHOLE = new Place(OptionalInt.empty(), List.of());

  public Place {
    headings = List.copyOf(headings);
  }

  /** Under headings, of what has no pages. */
  public static Place under(List<String> headings) {
    return new Place(OptionalInt.empty(), headings);
  }

  /**
   * A page or a slide.
   *
   * @param page from 1
   */
  public static Place page(int page) {
    return new Place(OptionalInt.of(page), List.of());
  }
}
