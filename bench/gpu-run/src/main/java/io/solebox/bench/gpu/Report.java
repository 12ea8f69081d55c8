package io.solebox.bench.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a folder of results together as {@code report.json} and {@code report.md}: {@code Report
 * FOLDER}. May be run while measuring goes on; what is not there yet is left out.
 */
public final class Report {
  private Report() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("usage: Report FOLDER");
      System.exit(2);
    }
    Path folder = Path.of(arguments[0]);
    var results = new Results(folder);
    List<RowReport> rows = results.rows().stream().map(r -> new RowReport(results, r)).toList();
    Files.writeString(folder.resolve("report.md"), markdown(results, rows));
    var mapper = new ObjectMapper();
    mapper
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("report.json").toFile(), json(mapper, results, rows));
  }

  private static String markdown(Results results, List<RowReport> rows) {
    var lines = new ArrayList<String>();
    lines.add("# Solebox on this machine");
    lines.add("");
    block(lines, results.text("machine.txt"));
    results.stage("yardsticks").ifPresent(y -> lines.addAll(yardsticks(y)));
    lines.add(results.stage("conformance").map(Report::conformance).orElse("Conformance: not run"));
    lines.add("");
    lines.add(table(RowReport.HEADER));
    lines.add("|" + "---|".repeat(RowReport.HEADER.size()));
    rows.forEach(row -> lines.add(table(row.cells())));
    list(lines, "Aims", rows.stream().flatMap(row -> row.aims().stream()).toList());
    list(lines, "Stages that failed", results.failures());
    return String.join("\n", lines) + "\n";
  }

  private static List<String> yardsticks(JsonNode y) {
    var lines = new ArrayList<String>();
    add(lines, "Read bandwidth", y, "read_bandwidth_bytes_per_second", 1e9, "GB/s");
    add(lines, "Link, from pinned memory", y, "link_bandwidth_bytes_per_second", 1e9, "GB/s");
    add(lines, "f16 mma.sync, from registers", y, "matrix_flops_per_second", 1e12, "TFLOP/s");
    lines.add("");
    return lines;
  }

  private static void add(
      List<String> lines, String name, JsonNode node, String field, double unit, String unitName) {
    JsonNode value = node.get(field);
    if (value != null && value.isNumber()) {
      lines.add("- %s: %.1f %s".formatted(name, value.asDouble() / unit, unitName));
    }
  }

  private static String conformance(JsonNode c) {
    return "Conformance: %d passed, %d failed, %d skipped in %.0f s"
        .formatted(
            c.get("passed").asInt(),
            c.get("failed").asInt(),
            c.get("skipped").asInt(),
            c.get("seconds").asDouble());
  }

  private static String table(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static void block(List<String> lines, String text) {
    lines.add("```");
    lines.addAll(text.lines().toList());
    lines.add("```");
    lines.add("");
  }

  private static void list(List<String> lines, String title, List<String> items) {
    if (!items.isEmpty()) {
      lines.add("");
      lines.add("## " + title);
      lines.add("");
      items.forEach(item -> lines.add("- " + item.replace('\n', ' ')));
    }
  }

  private static ObjectNode json(ObjectMapper mapper, Results results, List<RowReport> rows) {
    ObjectNode node = mapper.createObjectNode();
    node.put("machine", results.text("machine.txt"));
    set(node, "devices", results.file("devices"));
    set(node, "yardsticks", results.stage("yardsticks"));
    set(node, "conformance", results.stage("conformance"));
    var array = node.putArray("rows");
    rows.forEach(row -> array.add(row.json(mapper)));
    var failures = node.putArray("failures");
    results.failures().forEach(failures::add);
    return node;
  }

  private static void set(ObjectNode node, String name, Optional<JsonNode> value) {
    value.ifPresent(v -> node.set(name, v));
  }
}
