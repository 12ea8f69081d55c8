package io.solebox.reader;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * The text of HTML as a page shows it: blocks are lines, rows of tables have bars between their
 * cells, and scripts, styles and what stands in for scripts are left out.
 */
final class Markup {
  private static final Set<String> LEFT_OUT =
      Set.of(
          "script", "style", "template", "noscript", "head", "svg", "canvas", "iframe", "object");

  private static final Set<String> BLOCKS =
      Set.of(
          "address",
          "article",
          "aside",
          "blockquote",
          "body",
          "caption",
          "dd",
          "details",
          "dialog",
          "div",
          "dl",
          "dt",
          "fieldset",
          "figcaption",
          "figure",
          "footer",
          "form",
          "header",
          "hr",
          "html",
          "legend",
          "li",
          "main",
          "nav",
          "ol",
          "optgroup",
          "option",
          "p",
          "pre",
          "section",
          "summary",
          "table",
          "tbody",
          "td",
          "textarea",
          "tfoot",
          "th",
          "thead",
          "tr",
          "ul",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6");

  private final Text out;

  /** The line at hand, or the text of the cell. */
  private StringBuilder text = new StringBuilder();

  /** What is set aside while a cell is read. */
  private final Deque<StringBuilder> around = new ArrayDeque<>();

  private final Deque<List<String>> rows = new ArrayDeque<>();
  private int preformatted;

  private Markup(Text out) {
    this.out = out;
  }

  /** Without recursion, however deep it is. */
  static void read(Element root, Text out) throws Refusal {
    var markup = new Markup(out);
    Node node = root;
    while (true) {
      boolean entered = markup.enter(node);
      if (entered && node.childNodeSize() > 0) {
        node = node.childNode(0);
        continue;
      }
      if (entered) {
        markup.leave(node.normalName());
      }
      while (node != root && node.nextSibling() == null) {
        node = node.parent();
        markup.leave(node.normalName());
      }
      if (node == root) {
        break;
      }
      node = node.nextSibling();
    }
    markup.endLine();
  }

  /** Whether what is inside counts. */
  private boolean enter(Node node) throws Refusal {
    String name = node.normalName();
    if (node instanceof TextNode words) {
      append(words.getWholeText());
    } else if (LEFT_OUT.contains(name)) {
      return false;
    } else if (name.equals("br")) {
      text.append('\n');
    } else if (BLOCKS.contains(name)) {
      endLine();
      begin(name);
    }
    return true;
  }

  private void begin(String block) {
    switch (block) {
      case "pre", "textarea" -> preformatted++;
      case "tr" -> rows.push(new ArrayList<>());
      case "li" -> text.append("- ");
      case "td", "th" -> {
        if (!rows.isEmpty()) {
          around.push(text);
          text = new StringBuilder();
        }
      }
      default -> {
        // a line of its own
      }
    }
  }

  private void leave(String name) throws Refusal {
    if (!BLOCKS.contains(name)) {
      return;
    }
    switch (name) {
      case "h1", "h2", "h3", "h4", "h5", "h6" -> endHeading(name.charAt(1) - '0');
      case "pre", "textarea" -> {
        endLine();
        preformatted--;
      }
      case "td", "th" -> endCell();
      case "tr" -> endRow();
      default -> endLine();
    }
  }

  private void endHeading(int level) throws Refusal {
    if (rows.isEmpty()) {
      out.heading(level, text.toString());
      text.setLength(0);
    } else {
      endLine();
    }
  }

  private void endCell() throws Refusal {
    if (around.isEmpty()) {
      endLine();
    } else {
      rows.peek().add(text.toString());
      text = around.pop();
    }
  }

  /** Tables with one cell a row are there for how a page looks: their lines stay lines. */
  private void endRow() throws Refusal {
    List<String> cells = rows.pop();
    List<String> filled = cells.stream().filter(cell -> !cell.isBlank()).toList();
    String row = filled.size() == 1 ? filled.getFirst().strip() : Text.rowOf(cells);
    text.append(row);
    endLine();
  }

  private void endLine() throws Refusal {
    if (!around.isEmpty()) {
      if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
        text.append('\n');
      }
    } else {
      if (!text.toString().isBlank() && !text.toString().equals("- ")) {
        out.line(text.toString().stripTrailing());
      }
      text.setLength(0);
    }
  }

  private void append(String words) {
    if (preformatted > 0) {
      text.append(words);
      return;
    }
    String shown = words.replaceAll("[ \\t\\n\\r\\f]+", " ");
    boolean atStart = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
    text.append(atStart && shown.startsWith(" ") ? shown.substring(1) : shown);
  }
}
