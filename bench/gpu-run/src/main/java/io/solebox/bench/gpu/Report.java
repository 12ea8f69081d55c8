package io.solebox.bench.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Puts a folder of results together as {@code report.md}: {@code Report FOLDER}. Runs after each
 * stage; what is not there yet is left out.
 */
public final class Report {
  private final Results results;
  private final List<String> lines = new ArrayList<>();

  private Report(Results results) {
    this.results = results;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("usage: Report FOLDER");
      System.exit(2);
    }
    Path folder = Path.of(arguments[0]);
    String text = String.join("\n", new Report(new Results(folder)).write()) + "\n";
    Files.writeString(folder.resolve("report.md"), text);
  }

  private List<String> write() {
    List<RowReport> rows = results.rows().stream().map(r -> new RowReport(results, r)).toList();
    lines.add("# Solebox on this machine");
    paragraph(results.text("warning.txt").strip());
    block(results.text("machine.txt").lines().toList());
    yardsticks();
    speed(rows);
    aims(rows);
    for (RowReport row : rows) {
      steps(row);
    }
    table("Variants of 13b Q4_K_M, one stream", new Variants(results).lines());
    table(
        "Counters of the first kernels of a step",
        new Counters(results.text("counters.csv")).lines());
    notMeasured();
    return lines;
  }

  /** Bars for the first context; what differs at others is in a sentence. */
  private void steps(RowReport row) {
    List<Profile> profiles = row.profiles();
    for (Profile p : profiles.subList(0, Math.min(1, profiles.size()))) {
      String title = "Where the %.0f us of a step of %s at %d go";
      section(Text.of(title, p.stepMicros(), row.name(), p.position()), p.lines());
    }
    for (Profile p : profiles.subList(Math.min(1, profiles.size()), profiles.size())) {
      paragraph("At %d, ".formatted(p.position()) + p.cause() + ".");
    }
  }

  private void paragraph(String text) {
    if (!text.isEmpty()) {
      lines.add("");
      lines.add(text);
    }
  }

  private void block(List<String> text) {
    if (!text.isEmpty()) {
      lines.add("");
      lines.add("```");
      lines.addAll(text);
      lines.add("```");
    }
  }

  private void section(String title, List<String> text) {
    lines.add("");
    lines.add("## " + title);
    block(text);
  }

  private void table(String title, List<String> rows) {
    if (!rows.isEmpty()) {
      lines.add("");
      lines.add("## " + title);
      lines.add("");
      lines.addAll(rows);
    }
  }

  private void list(String title, List<String> items) {
    table(title, items.stream().map(item -> "- " + item.replace('\n', ' ')).toList());
  }

  private void yardsticks() {
    var items = new ArrayList<String>();
    results.stage("yardsticks").map(Ceilings::items).ifPresent(items::addAll);
    new Variants(results).jit().ifPresent(items::add);
    results.stage("greedy").ifPresent(g -> items.add(greedy(g)));
    for (String stage : List.of("conformance", "conformance-rest")) {
      results.stage(stage).ifPresent(c -> conformance(items, stage, c));
    }
    list("Yardsticks, and whether it is right", items);
  }

  private static String greedy(JsonNode g) {
    return Text.of(
        "the reference's story word for word, %d tokens: %s",
        g.at("/tokens").asInt(),
        g.at("/same").valueStream().map(JsonNode::asString).collect(Collectors.joining(", ")));
  }

  private static void conformance(List<String> items, String stage, JsonNode c) {
    items.add(
        Text.of(
            "%s: %d passed, %d failed, %d skipped in %.0f s",
            stage,
            c.at("/passed").asInt(),
            c.at("/failed").asInt(),
            c.at("/skipped").asInt(),
            c.at("/seconds").asDouble()));
    c.at("/failures").forEach(f -> items.add("failed: " + f.asString()));
    c.at("/unfinished").forEach(f -> items.add("not finished in time: " + f.asString()));
  }

  private void speed(List<RowReport> rows) {
    if (!rows.isEmpty()) {
      var cells = new ArrayList<String>();
      cells.add(Text.tableRow(RowReport.HEADER));
      cells.add(Text.tableRule(RowReport.HEADER.size()));
      rows.forEach(row -> cells.add(Text.tableRow(row.cells())));
      table("Speed", cells);
    }
    results.stage("peer/13b").ifPresent(p -> paragraph(peer(p)));
  }

  /** PyTorch does not measure the bandwidth, and its share would be of ours: speeds alone. */
  private static String peer(JsonNode peer) {
    var parts = new ArrayList<String>();
    for (JsonNode at : peer.at("/decode_at")) {
      double speed = at.at("/decode_tokens_per_second/median").asDouble();
      parts.add(Text.of("%.1f tokens/s at %d", speed, at.at("/context").asInt()));
    }
    return "13b in %s: decode %s."
        .formatted(peer.at("/format").asString(), String.join(", ", parts));
  }

  private void aims(List<RowReport> rows) {
    List<RowReport.Aim> all = rows.stream().flatMap(row -> row.aims().stream()).toList();
    list("Aims missed, and what the time went to", texts(all, false));
    list("Aims reached", texts(all, true));
  }

  private static List<String> texts(List<RowReport.Aim> aims, boolean reached) {
    return aims.stream().filter(aim -> aim.reached() == reached).map(RowReport.Aim::text).toList();
  }

  private void notMeasured() {
    list("Failed", results.reasons(".failed"));
    list("Skipped", results.reasons(".skipped"));
    String took = String.join(", ", results.reasons(".seconds"));
    paragraph(took.isEmpty() ? "" : "Seconds: " + took + ".");
  }
}
