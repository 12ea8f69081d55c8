package io.solebox.planner.report;

import io.solebox.planner.figure.Range;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of a plan for people.
 *
 * @param title of a word or two
 * @param lines figures
 * @param sentences what figures do not say
 */
public record Section(String title, List<Line> lines, List<String> sentences) {
  /**
   * @param label of a word or two
   * @param value with its unit
   * @param reason where it comes from
   */
  public record Line(String label, String value, String reason) {
    static Line of(String label, Range range) {
      return new Line(label, range.text(), range.reason());
    }
  }

  public Section {
    lines = List.copyOf(lines);
    sentences = List.copyOf(sentences);
  }

  /** The same with other sentences before its own. */
  public Section with(List<String> first) {
    return new Section(title, lines, Stream.concat(first.stream(), sentences.stream()).toList());
  }

  boolean isEmpty() {
    return lines.isEmpty() && sentences.isEmpty();
  }
}
