package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.params.FieldTable;
import io.solebox.server.params.FieldTable.Read;
import io.solebox.server.params.FieldTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables of fields of the other APIs are sound, and {@code docs/api.md} shows them as they are.
 * With {@code SOLEBOX_WRITE_DOCS=1} in the environment the document is written instead.
 */
class ApiFieldsTest {
  private static final Path DOCS = Path.of("../docs/api.md");

  @ParameterizedTest
  @ValueSource(strings = {"anthropic", "llama", "ollama"})
  void theDocumentShowsTheTable(String api) throws IOException {
    List<Row> rows =
        FieldTable.read(ApiFieldsTest.class.getResourceAsStream(api + "/fields.txt")).rows();
    rows.forEach(row -> assertFalse(row.words().isBlank(), row::toString));
    String begin = "<!-- made from " + api + "/fields.txt -->\n";
    String end = "<!-- end of what is made from " + api + "/fields.txt -->\n";
    String docs = Files.readString(DOCS);
    int from = docs.indexOf(begin) + begin.length();
    int to = docs.indexOf(end);
    assertTrue(from >= begin.length() && to >= from, "the marks are missing in " + DOCS);
    String made = table(rows.stream().filter(row -> !(row.rule() instanceof Read)).toList());
    if ("1".equals(System.getenv("SOLEBOX_WRITE_DOCS"))) {
      Files.writeString(DOCS, docs.substring(0, from) + made + docs.substring(to));
      return;
    }
    assertEquals(made, docs.substring(from, to), "SOLEBOX_WRITE_DOCS=1 writes " + DOCS);
  }

  /** A line for all fields that the same is said of at the same places. */
  private static String table(List<Row> rows) {
    Map<String, List<Row>> places =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.name() + "|" + row.what() + "|" + row.words(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<String, List<String>> lines = new LinkedHashMap<>();
    for (List<Row> same : places.values()) {
      Row first = same.getFirst();
      String where = same.stream().map(Row::place).collect(Collectors.joining(", "));
      String rest = " | %s | %s | %s |".formatted(where, becomes(first.what()), first.words());
      lines.computeIfAbsent(rest, _ -> new ArrayList<>()).add(shown(first.name()));
    }
    StringBuilder text = new StringBuilder("\n| field | where | is | why |\n|---|---|---|---|\n");
    lines.forEach(
        (rest, names) ->
            text.append("| ").append(String.join(", ", names)).append(rest).append('\n'));
    return text.append('\n').toString();
  }

  private static String shown(String name) {
    return name.equals("*") ? "any other field" : "`" + name + "`";
  }

  private static String becomes(String what) {
    if (what.startsWith("= ")) {
      return "`" + what.substring(2) + "`";
    }
    String unless = "refused unless ";
    return what.startsWith(unless)
        ? "refused, but " + what.substring(unless.length()).replace(" ", " or ")
        : what.equals("no effect") ? "without effect" : what;
  }
}
