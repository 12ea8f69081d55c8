package io.solebox.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What formats write: lines of text under headings, on pages. Makes sections of them, which are
 * never empty, and refuses more text than there may be.
 */
final class Text {
  /** Deeper ones are headings in no document that people wrote. */
  private static final int DEEPEST = 9;

  private record Heading(int level, String title) {}

  private final Sink sink;
  private final AtomicLong room;
  private final long most;
  private final List<String> inside;
  private final List<Heading> open = new ArrayList<>();
  private final StringBuilder section = new StringBuilder();
  private List<String> within = List.of();
  private OptionalInt page = OptionalInt.empty();

  /**
   * @param most characters in all
   */
  Text(Sink sink, long most) {
    this(sink, new AtomicLong(most), most, List.of());
  }

  private Text(Sink sink, AtomicLong room, long most, List<String> inside) {
    this.sink = sink;
    this.room = room;
    this.most = most;
    this.inside = inside;
  }

  /** For a document in this one, whose sections stand under these headings of the part at hand. */
  Text inside(List<String> headings) {
    flush();
    var all = new ArrayList<>(inside);
    all.addAll(within);
    headings.forEach(heading -> all.add(oneLine(heading)));
    return new Text(sink, room, most, List.copyOf(all));
  }

  /** What people are to know, as a sentence; of a document in another with its name before it. */
  void note(String note) {
    sink.note(inside.isEmpty() ? note : inside.getLast() + ": " + note);
  }

  /**
   * Begins a page or a slide.
   *
   * @param number from 1
   */
  void page(int number, List<String> headings) {
    part(headings);
    page = OptionalInt.of(number);
  }

  /** Begins a part whose own headings stand under these: a sheet, rows of it, a chapter. */
  void part(List<String> headings) {
    flush();
    open.clear();
    page = OptionalInt.empty();
    within = headings.stream().map(Text::oneLine).filter(title -> !title.isEmpty()).toList();
  }

  /**
   * A heading, which is text too.
   *
   * @param level from 1, the outermost
   */
  void heading(int level, String title) throws Refusal {
    String shown = oneLine(title);
    if (!shown.isEmpty()) {
      flush();
      int bounded = Math.min(level, DEEPEST);
      open.removeIf(heading -> heading.level() >= bounded);
      open.add(new Heading(bounded, shown));
      line(shown);
    }
  }

  /** Text and the end of its line. */
  void line(String text) throws Refusal {
    if (room.addAndGet(-text.length() - 1) < 0) {
      throw Refusal.tooMuchText(most);
    }
    section.append(text).append('\n');
  }

  /** Cells of a table's row; none where all are empty. */
  void row(List<String> cells) throws Refusal {
    String row = rowOf(cells);
    if (!row.isEmpty()) {
      line(row);
    }
  }

  /** A row as a line; empty where all cells are. */
  static String rowOf(List<String> cells) {
    List<String> shown = cells.stream().map(Text::oneLine).toList();
    return shown.stream().allMatch(String::isEmpty) ? "" : String.join(" | ", shown);
  }

  /** How much is in the section so far. */
  int inSection() {
    return section.length();
  }

  /** Ends a section; the next has the same place. */
  void flush() {
    if (!section.toString().isBlank()) {
      var headings = new ArrayList<>(inside);
      headings.addAll(within);
      open.forEach(heading -> headings.add(heading.title()));
      sink.section(new Section(page, headings, section.toString()));
    }
    section.setLength(0);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
