package io.solebox.app.console;

import io.solebox.engine.error.Printable;
import java.util.List;

/** Rows in columns, each as wide as its widest cell. */
public final class Table {
  private Table() {}

  /**
   * @param rows of as many cells as the first has
   */
  public static List<String> lines(List<List<String>> rows) {
    List<List<String>> visible =
        rows.stream().map(row -> row.stream().map(Printable::line).toList()).toList();
    int[] widths = new int[visible.getFirst().size()];
    for (List<String> row : visible) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return visible.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
    }
    return line.toString().stripTrailing();
  }
}
