package io.solebox.server.documents;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of separated values (RFC 4180, and what spreadsheets write): quotes as there, one of four
 * separators. Rows without any value are passed over.
 */
final class CsvRecords {
  private static final String SEPARATORS = ",;\t|";
  private static final int ROWS_LOOKED_AT = 20;

  /**
   * A row.
   *
   * @param number from 1, as a spreadsheet shows it
   */
  record Row(int number, List<String> cells) {
    boolean isEmpty() {
      return cells.stream().allMatch(String::isBlank);
    }
  }

  private final String text;
  private final char separator;
  private int at;

  private CsvRecords(String text, char separator) {
    this.text = text;
    this.separator = separator;
  }

  static List<Row> of(String text) {
    return new CsvRecords(text, separator(text)).rows(Integer.MAX_VALUE);
  }

  /** The one that cuts the first rows into the most cells, equally many in each. */
  private static char separator(String text) {
    char best = SEPARATORS.charAt(0);
    int most = 1;
    for (char candidate : SEPARATORS.toCharArray()) {
      List<Row> rows = new CsvRecords(text, candidate).rows(ROWS_LOOKED_AT);
      int least = rows.stream().mapToInt(row -> row.cells().size()).min().orElse(0);
      if (least > most) {
        best = candidate;
        most = least;
      }
    }
    return best;
  }

  private List<Row> rows(int most) {
    var rows = new ArrayList<Row>();
    int number = 1;
    while (at < text.length() && rows.size() < most) {
      var row = new Row(number++, row());
      if (!row.isEmpty()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private List<String> row() {
    var cells = new ArrayList<String>();
    while (true) {
      cells.add(cell());
      if (at >= text.length() || text.charAt(at++) == '\n') {
        return cells;
      }
    }
  }

  /** Leaves {@code at} at what ends the cell. */
  private String cell() {
    var cell = new StringBuilder();
    boolean quoted = at < text.length() && text.charAt(at) == '"';
    at += quoted ? 1 : 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (quoted && c == '"') {
        if (text.startsWith("\"\"", at)) {
          cell.append(c);
          at++;
        } else {
          quoted = false; // what stands behind a closing quote is kept as it is
        }
      } else if (!quoted && (c == separator || c == '\n')) {
        return cell.toString();
      } else {
        cell.append(c);
      }
      at++;
    }
    return cell.toString();
  }
}
