package io.solebox.server.chats.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A piece of a text around what was found in it.
 *
 * @param ranges of what was found: of each, where it begins and ends in the piece, in UTF-16 units
 */
public record Snippet(String text, List<List<Integer>> ranges) {
  private static final int BEFORE = 60;
  private static final int LENGTH = 200;

  /** Around the first of the words, with all of them that are near. */
  public static Snippet of(String text, String query) {
    Folding.Folded folded = Folding.folded(text);
    List<List<Integer>> found = new ArrayList<>();
    for (String word : Folding.words(query)) {
      int at = folded.text().indexOf(word);
      while (at >= 0) {
        int last = folded.places()[at + word.length() - 1];
        found.add(List.of(folded.places()[at], text.offsetByCodePoints(last, 1)));
        at = folded.text().indexOf(word, at + word.length());
      }
    }
    found.sort(Comparator.comparing(List::getFirst));
    int first = found.isEmpty() ? 0 : found.getFirst().getFirst();
    int from = whole(text, Math.max(0, first - BEFORE));
    int to = whole(text, Math.min(text.length(), from + LENGTH));
    List<List<Integer>> near = new ArrayList<>();
    for (List<Integer> range : found) {
      boolean apart = near.isEmpty() || range.getFirst() - from >= near.getLast().getLast();
      if (apart && range.getLast() <= to) {
        near.add(List.of(range.getFirst() - from, range.getLast() - from));
      }
    }
    return new Snippet(text.substring(from, to), near);
  }

  /** Not between the halves of a pair. */
  private static int whole(String text, int at) {
    boolean inside =
        at > 0
            && at < text.length()
            && Character.isLowSurrogate(text.charAt(at))
            && Character.isHighSurrogate(text.charAt(at - 1));
    return inside ? at - 1 : at;
  }
}
