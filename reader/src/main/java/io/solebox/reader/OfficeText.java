package io.solebox.reader;

import io.solebox.reader.SafeXml.Attributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Paragraphs and tables of Office's XML, whose names for them are the same in documents and on
 * slides (ECMA-376, part 1: 17.3, 17.4, 21.1.2). What was deleted, what is computed from and what
 * older programs would show in place of something else is passed over.
 */
final class OfficeText implements SafeXml.Handler {
  /** Whoever takes what is read. */
  interface Taker {
    void paragraph(Paragraph paragraph) throws Refusal;

    /** Of a table, whose cells may have several lines. */
    void row(List<String> cells) throws Refusal;
  }

  /**
   * @param style the name of its style, empty without
   * @param outline its own level from 0; absent where its style says it, if anything does
   * @param listed whether it is an item of a list
   * @param placeholder on a slide, what the shape is for; empty without
   */
  record Paragraph(
      String text, String style, OptionalInt outline, boolean listed, String placeholder) {}

  private static final Set<String> LEFT_OUT =
      Set.of(
          "instrText",
          "delText",
          "del",
          "moveFrom",
          "Fallback",
          "tabs",
          "pPrChange",
          "rPrChange",
          "tblPrChange",
          "sectPrChange",
          "delInstrText");

  /** A paragraph that is being read; a text box makes others in the midst of one. */
  private static final class Open {
    private final StringBuilder text = new StringBuilder();
    private String style = "";
    private OptionalInt outline = OptionalInt.empty();
    private boolean listed;
  }

  private static final class Table {
    private final List<String> cells = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
  }

  private final Taker taker;
  private final Map<String, String> notes;
  private final Deque<Open> paragraphs = new ArrayDeque<>();
  private final Deque<Table> tables = new ArrayDeque<>();
  private String placeholder = "";
  private boolean inText;
  private int leftOut;

  /**
   * @param notes footnotes by their numbers, which are told where they are referred to
   */
  OfficeText(Taker taker, Map<String, String> notes) {
    this.taker = taker;
    this.notes = notes;
  }

  @Override
  public void start(String name, Attributes attributes) {
    if (leftOut > 0 || LEFT_OUT.contains(name)) {
      leftOut++;
      return;
    }
    switch (name) {
      case "p" -> paragraphs.push(new Open());
      case "t" -> inText = true;
      case "tbl" -> tables.push(new Table());
      case "sp" -> placeholder = "";
      case "ph" -> {
        String type = attributes.of("type");
        placeholder = type.isEmpty() ? "body" : type;
      }
      default -> {
        if (!paragraphs.isEmpty()) {
          inParagraph(name, attributes);
        }
      }
    }
  }

  private void inParagraph(String name, Attributes attributes) {
    Open open = paragraphs.peek();
    switch (name) {
      case "tab" -> open.text.append('\t');
      case "br", "cr" -> open.text.append('\n');
      case "noBreakHyphen" -> open.text.append('-');
      case "pStyle" -> open.style = attributes.of("val");
      case "outlineLvl" -> open.outline = level(attributes.of("val"));
      case "numPr" -> open.listed = true;
      case "footnoteReference", "endnoteReference" -> {
        String note = notes.getOrDefault(name + attributes.of("id"), "");
        open.text.append(note.isBlank() ? "" : " [" + note + "]");
      }
      default -> {
        // how it looks
      }
    }
  }

  /** 9 is for text that is no heading. */
  static OptionalInt level(String value) {
    return value.matches("[0-8]") ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
  }

  @Override
  public void text(String text) {
    if (inText && leftOut == 0 && !paragraphs.isEmpty()) {
      paragraphs.peek().text.append(text);
    }
  }

  @Override
  public void end(String name) throws Refusal {
    if (leftOut > 0) {
      leftOut--;
      return;
    }
    switch (name) {
      case "t" -> inText = false;
      case "p" -> endParagraph();
      case "tc" -> {
        if (!tables.isEmpty()) {
          Table table = tables.peek();
          table.cells.add(table.cell.toString());
          table.cell.setLength(0);
        }
      }
      case "tr" -> {
        if (!tables.isEmpty()) {
          endRow();
        }
      }
      case "tbl" -> {
        if (!tables.isEmpty()) {
          tables.pop();
        }
      }
      default -> {
        // nothing that is text
      }
    }
  }

  private void endParagraph() throws Refusal {
    if (paragraphs.isEmpty()) {
      return;
    }
    Open open = paragraphs.pop();
    String text = open.text.toString();
    if (!tables.isEmpty()) {
      tables.peek().cell.append(text).append('\n');
    } else if (!text.isBlank()) {
      taker.paragraph(new Paragraph(text, open.style, open.outline, open.listed, placeholder));
    }
  }

  private void endRow() throws Refusal {
    Table table = tables.pop();
    List<String> cells = List.copyOf(table.cells);
    table.cells.clear();
    if (tables.isEmpty()) {
      taker.row(cells);
    } else {
      tables.peek().cell.append(Text.rowOf(cells)).append('\n');
    }
    tables.push(table);
  }
}
