package io.solebox.server.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Markdown by its headings (CommonMark 0.31, "ATX headings" and "Setext headings"). Sections one
 * behind the other are the text as it was.
 */
final class MarkdownSections {
  private static final Pattern ATX =
      Pattern.compile("^ {0,3}(#{1,6})(?:[ \\t]+(.*?))??(?:[ \\t]+#+)?[ \\t]*$");
  private static final Pattern FENCE = Pattern.compile("^ {0,3}(`{3,}|~{3,})(.*)$");
  private static final Pattern UNDERLINE = Pattern.compile("^ {0,3}(=+|-+)[ \\t]*$");

  /** What no line of signs can make a heading: nothing, code, quotes, lists and tables. */
  private static final Pattern NO_TITLE =
      Pattern.compile("^(?:[ \\t]*| {4}.*| {0,3}(?:>|[-+*][ \\t]|\\d{1,9}[.)][ \\t]|\\|).*)$");

  private record Heading(int level, String title) {}

  private final String text;
  private final SectionList sections;
  private final List<Heading> open = new ArrayList<>();
  private int from;
  private Optional<String> fence = Optional.empty();

  private MarkdownSections(String text, SectionList sections) {
    this.text = text;
    this.sections = sections;
  }

  static void add(String markdown, SectionList sections) {
    var cut = new MarkdownSections(markdown, sections);
    cut.walk();
    cut.end(markdown.length());
  }

  private void walk() {
    int at = frontMatter();
    int before = at; // where the line before this one begins
    while (at < text.length()) {
      int next = lineAfter(at);
      String line = text.substring(at, next).stripTrailing();
      Matcher atx = ATX.matcher(line);
      boolean titled = before < at && !NO_TITLE.matcher(text.substring(before, at)).find();
      if (inFence(line)) {
        before = next;
      } else if (atx.matches()) {
        begin(at, atx.group(1).length(), Optional.ofNullable(atx.group(2)).orElse(""));
        before = next;
      } else if (titled && UNDERLINE.matcher(line).matches()) {
        begin(before, line.contains("=") ? 1 : 2, text.substring(before, at).strip());
        before = next;
      } else {
        before = at;
      }
      at = next;
    }
  }

  /** The line behind what stands between {@code ---} at the very beginning, as generators want. */
  private int frontMatter() {
    if (!text.startsWith("---\n")) {
      return 0;
    }
    int at = lineAfter(0);
    while (at < text.length()) {
      String line = text.substring(at, lineAfter(at)).stripTrailing();
      at = lineAfter(at);
      if (line.equals("---") || line.equals("...")) {
        return at;
      }
    }
    return 0;
  }

  private int lineAfter(int at) {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end + 1;
  }

  /** Whether a line is code, or opens or closes it. */
  private boolean inFence(String line) {
    Matcher marks = FENCE.matcher(line);
    boolean marked = marks.matches();
    if (fence.isPresent()) {
      if (marked && marks.group(2).isBlank() && marks.group(1).startsWith(fence.get())) {
        fence = Optional.empty();
      }
      return true;
    }
    if (marked && !(marks.group(1).startsWith("`") && marks.group(2).contains("`"))) {
      fence = Optional.of(marks.group(1));
      return true;
    }
    return false;
  }

  private void begin(int at, int level, String title) {
    end(at);
    open.removeIf(heading -> heading.level() >= level);
    open.add(new Heading(level, title));
  }

  private void end(int at) {
    if (at > from && !text.substring(from, at).isBlank()) {
      List<String> titles = open.stream().map(Heading::title).filter(t -> !t.isBlank()).toList();
      sections.add(Place.under(titles), text.substring(from, at));
      from = at;
    }
  }
}
