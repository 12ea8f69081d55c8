package io.solebox.app.usage;

import io.solebox.server.limits.Used;
import io.solebox.server.usage.UsageNames;
import io.solebox.server.usage.UsageQuery.By;
import io.solebox.server.usage.UsageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Usage as comma-separated values (RFC 4180). */
record UsageCsv(List<By> columns, UsageNames names) {
  List<String> lines(List<UsageRow> rows) {
    List<String> lines = new ArrayList<>();
    String head = columns.stream().map(By::word).collect(Collectors.joining(","));
    lines.add(head + ",requests,prompt_tokens,cached_tokens,generated_tokens");
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  private String line(UsageRow row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      cells.add(cell(names.of(columns.get(i), row.names().get(i))));
    }
    Used used = row.used();
    return "%s,%d,%d,%d,%d"
        .formatted(
            String.join(",", cells),
            used.requests(),
            used.prompt(),
            used.cached(),
            used.generated());
  }

  /** A name that a table calculation would take for a formula is no formula. */
  static String cell(String text) {
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return safe.chars().anyMatch(c -> "\",\r\n".indexOf(c) >= 0)
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }
}
