package io.solebox.app.airgap.prove;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was tried, and what came of it.
 *
 * @param facts of this machine and the wall: when, which kernel, which build, and the like
 * @param rows one for each way
 */
record Proof(Map<String, Object> facts, List<Row> rows) {
  /**
   * @param without what came of it without a gap
   * @param with what came of it with one
   */
  record Row(String id, String what, Answer without, Answer with) {
    /** Of a table. */
    String verdict() {
      return switch (with) {
        case Answer.Through _ -> "WENT THROUGH";
        case Answer.NotTried _ -> "-";
        case Answer.Held _ ->
            switch (without) {
              case Answer.Through _ -> "held";
              case Answer.Held _ -> "held (nor possible without)";
              case Answer.NotTried _ -> "held (not tried without)";
            };
      };
    }
  }

  /** Ways that led out. */
  long through() {
    return rows.stream().filter(row -> row.with() instanceof Answer.Through).count();
  }

  long held() {
    return rows.stream().filter(row -> row.with() instanceof Answer.Held).count();
  }

  /** Ways that are held, and lead out without a gap: those that say something. */
  long telling() {
    return rows.stream()
        .filter(row -> row.with() instanceof Answer.Held)
        .filter(row -> row.without() instanceof Answer.Through)
        .count();
  }

  Map<String, Object> json() {
    Map<String, Object> object = new LinkedHashMap<>(facts);
    object.put("held", held());
    object.put("held_and_possible_without", telling());
    object.put("went_through", through());
    object.put("attempts", rows.stream().map(Proof::json).toList());
    return object;
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", row.id());
    object.put("what", row.what());
    object.put("without", row.without().word());
    object.put("without_said", row.without().said());
    object.put("with", row.with().word());
    object.put("with_said", row.with().said());
    return object;
  }

  /**
   * What {@link #json} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Proof of(Map<String, Object> object) {
    var facts = new LinkedHashMap<>(object);
    List.of("held", "held_and_possible_without", "went_through").forEach(facts::remove);
    var rows = new ArrayList<Row>();
    if (!(facts.remove("attempts") instanceof List<?> attempts)) {
      throw new IllegalArgumentException("no attempts");
    }
    for (Object attempt : attempts) {
      if (!(attempt instanceof Map<?, ?> row)) {
        throw new IllegalArgumentException("an attempt that is no object");
      }
      rows.add(
          new Row(
              text(row, "id"),
              text(row, "what"),
              Answer.of(text(row, "without"), text(row, "without_said")),
              Answer.of(text(row, "with"), text(row, "with_said"))));
    }
    return new Proof(facts, List.copyOf(rows));
  }

  private static String text(Map<?, ?> row, String name) {
    if (row.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("no " + name);
  }

  /** As a table for people. */
  List<List<String>> table() {
    var table = new ArrayList<List<String>>();
    table.add(List.of("WAY OUT", "", "WITH THE GAP", "WITHOUT IT"));
    for (Row row : rows) {
      table.add(List.of(row.what(), row.verdict(), row.with().said(), row.without().said()));
    }
    return table;
  }
}
