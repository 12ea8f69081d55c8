package io.solebox.scout.notice;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * News in words, as plain text, for a channel to lay out. Words of strangers are in it: it is
 * escaped by whoever makes markup of it.
 *
 * @param page for a person to look at
 * @param lines what there is to say, the most important first
 */
public record Block(String title, Optional<URI> page, List<Line> lines) {
  public Block {
    lines = List.copyOf(lines);
  }

  /**
   * One thing that is said.
   *
   * @param label empty for a line without one
   */
  public record Line(String label, String text) {
    /** On one line. */
    public String plain() {
      return label.isEmpty() ? text : label + ": " + text;
    }
  }
}
