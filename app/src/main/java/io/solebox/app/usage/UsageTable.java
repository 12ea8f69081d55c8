package io.solebox.app.usage;

import io.solebox.app.console.Table;
import io.solebox.server.limits.Used;
import io.solebox.server.usage.UsageNames;
import io.solebox.server.usage.UsageQuery.By;
import io.solebox.server.usage.UsageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Usage for people: numbers, and a bar for each row's share of the most. */
record UsageTable(List<By> columns, UsageNames names) {
  private static final int BAR = 24;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  List<String> lines(List<UsageRow> rows) {
    long most = Math.max(1, rows.stream().mapToLong(row -> tokens(row.used())).max().orElse(1));
    List<List<String>> cells = new ArrayList<>();
    cells.add(head());
    rows.forEach(row -> cells.add(cells(row, most)));
    return Table.lines(cells);
  }

  private List<String> head() {
    List<String> head = new ArrayList<>();
    columns.forEach(by -> head.add(by.word().toUpperCase(Locale.ROOT)));
    head.addAll(List.of("REQUESTS", "PROMPT", "CACHED", "GENERATED", "TOKENS"));
    return head;
  }

  private List<String> cells(UsageRow row, long most) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      cells.add(names.of(columns.get(i), row.names().get(i)));
    }
    Used used = row.used();
    cells.add(Long.toString(used.requests()));
    cells.add(Long.toString(used.prompt()));
    cells.add(Long.toString(used.cached()));
    cells.add(Long.toString(used.generated()));
    cells.add(bar(tokens(used), most));
    return cells;
  }

  private static long tokens(Used used) {
    return used.prompt() + used.generated();
  }

  /** So much of {@value #BAR} places, in eighths of one. */
  static String bar(long value, long most) {
    int eighths = (int) Math.round(8.0 * BAR * value / most);
    String whole = "█".repeat(eighths / 8);
    return eighths % 8 == 0 ? whole : whole + EIGHTHS.charAt(eighths % 8);
  }
}
