package io.solebox.server.documents;

import io.solebox.server.documents.CsvRecords.Row;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tables row by row, each a block of lines {@code column: value} without those that have none, so
 * that a part of it can be understood without the rest. A section has some rows, and says which.
 */
final class CsvSections {
  /** Of a section, after which a row begins the next. */
  private static final int ENOUGH = 2000;

  private static final Pattern NUMBER = Pattern.compile("[-+]?[\\d.,'\\s]*\\d[\\d.,'\\s%]*");
  private static final String NAMELESS =
      "Its first row does not look like names of columns; they are called column 1, column 2 and so"
          + " on.";

  private final List<String> names;
  private final SectionList sections;
  private final StringBuilder text = new StringBuilder();
  private int first;
  private int last;

  private CsvSections(List<String> names, SectionList sections) {
    this.names = names;
    this.sections = sections;
  }

  /** Returns what people are to know of it. */
  static List<String> add(String csv, SectionList sections) {
    List<Row> rows = CsvRecords.of(csv);
    boolean named = rows.size() > 1 && isHeader(rows.getFirst().cells());
    var cut = new CsvSections(named ? rows.getFirst().cells() : List.of(), sections);
    for (Row row : named ? rows.subList(1, rows.size()) : rows) {
      cut.add(row);
    }
    cut.end();
    return named || rows.isEmpty() ? List.of() : List.of(NAMELESS);
  }

  /** Whether cells are names: all there, all different, none a number. */
  private static boolean isHeader(List<String> cells) {
    return new HashSet<>(cells).size() == cells.size()
        && cells.stream().noneMatch(cell -> cell.isBlank() || NUMBER.matcher(cell).matches());
  }

  private void add(Row row) {
    if (text.length() >= ENOUGH) {
      end();
    }
    if (text.isEmpty()) {
      first = row.number();
    } else {
      text.append('\n');
    }
    last = row.number();
    for (int i = 0; i < row.cells().size(); i++) {
      String value = row.cells().get(i);
      if (!value.isBlank()) {
        text.append(i < names.size() ? names.get(i).strip() : "column " + (i + 1));
        text.append(": ").append(value.strip()).append('\n');
      }
    }
  }

  private void end() {
    if (!text.isEmpty()) {
      String rows = first == last ? "row " + first : "rows " + first + "-" + last;
      sections.add(Place.under(List.of(rows)), text.toString());
      text.setLength(0);
    }
  }
}
