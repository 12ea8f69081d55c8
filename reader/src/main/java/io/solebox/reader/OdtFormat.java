package io.solebox.reader;

import io.solebox.reader.SafeXml.Attributes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Texts of OpenDocument 1.3, part 3 (section 5, and 9 for tables), as DOCX is read. */
final class OdtFormat implements Format {
  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    try (var zip = new Zip(file)) {
      SafeXml.read(zip.open("content.xml"), new Content(out));
      out.flush();
    }
  }

  private static final class Content implements SafeXml.Handler {
    private static final Set<String> LEFT_OUT =
        Set.of("tracked-changes", "annotation", "note-citation", "automatic-styles", "forms");
    private static final int MOST_SPACES = 100;

    private final Text out;

    /** Of the paragraphs that are open: a note or a text box is in the midst of one. */
    private final Deque<StringBuilder> paragraphs = new ArrayDeque<>();

    private final Deque<List<String>> rows = new ArrayDeque<>();
    private final Deque<StringBuilder> cells = new ArrayDeque<>();
    private int level;
    private int listed;
    private int leftOut;
    private int inNote;

    Content(Text out) {
      this.out = out;
    }

    @Override
    public void start(String name, Attributes attributes) {
      if (leftOut > 0 || LEFT_OUT.contains(name)) {
        leftOut++;
        return;
      }
      switch (name) {
        case "p" -> paragraphs.push(new StringBuilder());
        case "h" -> {
          paragraphs.push(new StringBuilder());
          String outline = attributes.of("outline-level");
          level = outline.matches("[1-9]") ? Integer.parseInt(outline) : 1;
        }
        case "list-item" -> listed++;
        case "note-body" -> inNote++;
        case "table-row" -> rows.push(new ArrayList<>());
        case "table-cell" -> cells.push(new StringBuilder());
        case "tab" -> text("\t");
        case "line-break" -> text("\n");
        case "s" -> {
          String count = attributes.of("c");
          int spaces = count.matches("\\d{1,6}") ? Integer.parseInt(count) : 1;
          text(" ".repeat(Math.min(spaces, MOST_SPACES)));
        }
        default -> {
          // how it looks
        }
      }
    }

    @Override
    public void text(String text) {
      if (leftOut == 0 && !paragraphs.isEmpty()) {
        paragraphs.peek().append(text);
      }
    }

    @Override
    public void end(String name) throws Refusal {
      if (leftOut > 0) {
        leftOut--;
        return;
      }
      switch (name) {
        case "p", "h" -> endParagraph(name.equals("h"));
        case "list-item" -> listed--;
        case "note-body" -> inNote--;
        case "table-cell" -> {
          String cell = cells.pop().toString();
          if (!rows.isEmpty()) {
            rows.peek().add(cell);
          }
        }
        case "table-row" -> {
          List<String> row = rows.pop();
          if (cells.isEmpty()) {
            out.row(row);
          } else {
            cells.peek().append(Text.rowOf(row)).append('\n');
          }
        }
        default -> {
          // nothing that is text
        }
      }
    }

    private void endParagraph(boolean heading) throws Refusal {
      String text = paragraphs.pop().toString();
      if (inNote > 0 && !paragraphs.isEmpty()) {
        paragraphs.peek().append(" [").append(text.strip()).append(']');
      } else if (!cells.isEmpty()) {
        cells.peek().append(text).append('\n');
      } else if (heading) {
        out.heading(level, text);
      } else if (!text.isBlank()) {
        out.line(listed > 0 ? "- " + text : text);
      }
    }
  }
}
