package io.solebox.bench.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The table that {@code ncu --csv --page raw} leaves: a line of names, one of units, a line for
 * each kernel, every field in quotes.
 */
record Counters(String csv) {
  private static final String KERNEL = "Kernel Name";

  /** Columns of the report, by the ends of their names. */
  private static final List<String> METRICS =
      List.of(
          "gpu__time_duration.sum",
          "dram__throughput.avg.pct_of_peak_sustained_elapsed",
          "l1tex__t_sector_hit_rate.pct",
          "lts__throughput.avg.pct_of_peak_sustained_elapsed",
          "sm__inst_issued.avg.pct_of_peak_sustained_active");

  private static final List<String> HEADER =
      List.of("kernel", "duration", "DRAM, %", "L1 hits, %", "L2, %", "issue slots, %");

  /** A table; empty where there is none. */
  List<String> lines() {
    List<String[]> rows =
        csv.lines().filter(line -> line.startsWith("\"")).map(Counters::fields).toList();
    if (rows.size() < 3) {
      return List.of();
    }
    List<String> names = Arrays.asList(rows.getFirst());
    String[] units = rows.get(1);
    var lines = new ArrayList<String>();
    lines.add(Text.tableRow(HEADER));
    lines.add(Text.tableRule(HEADER.size()));
    for (String[] row : rows.subList(2, rows.size())) {
      var cells = new ArrayList<String>();
      cells.add(field(row, names.indexOf(KERNEL)));
      for (String metric : METRICS) {
        int at = names.indexOf(metric);
        String unit = metric.startsWith("gpu__time") ? " " + field(units, at) : "";
        cells.add((field(row, at) + unit).strip());
      }
      lines.add(Text.tableRow(cells));
    }
    return lines;
  }

  private static String[] fields(String line) {
    return line.substring(1).replaceFirst("\"\\s*$", "").split("\",\"", -1);
  }

  private static String field(String[] fields, int at) {
    return at < 0 || at >= fields.length ? "" : fields[at];
  }
}
