package io.solebox.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What came of a run: tables, a plot, and whether anything grew. */
record Report(Options options, Tally tally, List<Vitals> vitals, List<Sample> samples) {
  private static final double MIB = 1 << 20;

  /** What caches move by: a leak of 20 bytes a request is more after an hour at a low rate. */
  private static final double HEAP_MIB = 2;

  private static final double DIRECT_MIB = 2;

  /** The platform's pools of threads grow and shrink, with a thread or two for each processor. */
  private static final int THREADS = 4 + 2 * Runtime.getRuntime().availableProcessors();

  private static final int DESCRIPTORS = 4;

  /** Of files: SQLite's log, which is as long as the longest transaction before it. */
  private static final double STORE_MIB = 8;

  /** Batches stay, with what their lines said. */
  private static final double STORE_MIB_OF_BATCH = 0.01;

  /** Resident memory at one moment. */
  record Sample(double seconds, long residentBytes) {}

  boolean passed() {
    return tally.faultCount() == 0 && growth().isEmpty();
  }

  /** What is more at the end than after the warm-up, beyond what it may. */
  List<String> growth() {
    Vitals first = vitals.getFirst();
    Vitals last = vitals.getLast();
    var grown = new ArrayList<String>();
    check(grown, "heap, MiB", first.heapBytes() / MIB, last.heapBytes() / MIB, HEAP_MIB);
    check(
        grown,
        "direct memory, MiB",
        first.directBytes() / MIB,
        last.directBytes() / MIB,
        DIRECT_MIB);
    check(grown, "threads", first.threads(), last.threads(), THREADS);
    check(grown, "descriptors", first.descriptors(), last.descriptors(), DESCRIPTORS);
    double storeRoom = STORE_MIB + STORE_MIB_OF_BATCH * batches();
    check(grown, "store, MiB", first.storeBytes() / MIB, last.storeBytes() / MIB, storeRoom);
    for (Vitals seen : vitals) {
      check(grown, "used blocks " + seen.name(), 0, (double) seen.usedBlocks(), 0);
      check(grown, "answers " + seen.name(), 0, (double) seen.answers(), 0);
    }
    return grown;
  }

  private static void check(
      List<String> grown, String what, double first, double last, double room) {
    if (last > first + room) {
      grown.add(text("%s: %.1f, then %.1f, and %.1f more are allowed", what, first, last, room));
    }
  }

  private long batches() {
    Tally.Row row = tally.rows().get("POST /v1/batches");
    return row == null ? 0 : row.whole();
  }

  String text() {
    var lines = new ArrayList<String>();
    lines.add(
        text(
            "%d connections, %d minutes and %d seconds: %d requests answered, %d left by their clients",
            options.connections(),
            options.length().toMinutes(),
            options.length().toSecondsPart(),
            tally.whole(),
            tally.left()));
    lines.add("");
    lines.addAll(vitalsTable());
    lines.add("");
    lines.addAll(requestTable());
    lines.add("");
    tally.faults().forEach(fault -> lines.add("fault: " + fault));
    growth().forEach(what -> lines.add("grown: " + what));
    lines.add(
        text("bench/load: %s, %d faults", passed() ? "passed" : "FAILED", tally.faultCount()));
    return String.join("\n", lines);
  }

  private List<String> vitalsTable() {
    var lines = new ArrayList<String>();
    lines.add(
        "| at | seconds | requests | heap MiB | direct MiB | resident MiB | threads | descriptors |"
            + " used blocks | store MiB |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|");
    vitals.forEach(seen -> lines.add(line(seen)));
    return lines;
  }

  static String line(Vitals v) {
    return text(
        "| %s | %.0f | %d | %.1f | %.2f | %.0f | %d | %d | %d | %.2f |",
        v.name(),
        v.seconds(),
        v.requests(),
        v.heapBytes() / MIB,
        v.directBytes() / MIB,
        v.residentBytes() / MIB,
        v.threads(),
        v.descriptors(),
        v.usedBlocks(),
        v.storeBytes() / MIB);
  }

  private List<String> requestTable() {
    var lines = new ArrayList<String>();
    lines.add("| request | answers by status | left | mean ms | longest ms |");
    lines.add("|---|---|---|---|---|");
    tally
        .rows()
        .forEach(
            (kind, row) ->
                lines.add(
                    text(
                        "| %s | %s | %d | %.0f | %.0f |",
                        kind,
                        statuses(row.statuses()),
                        row.left(),
                        row.meanMillis(),
                        row.longestMillis())));
    return lines;
  }

  private static String statuses(Map<Integer, Long> statuses) {
    return statuses.entrySet().stream()
        .map(e -> e.getKey() + ": " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("report.md"), text() + "\n");
    Files.writeString(folder.resolve("resident.svg"), MemoryChart.svg(samples));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
