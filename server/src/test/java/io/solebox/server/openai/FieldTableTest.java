package io.solebox.server.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.params.FieldTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of fields is sound, and {@code docs/api.md} shows it as it is. With {@code
 * SOLEBOX_WRITE_DOCS=1} in the environment the document is written instead.
 */
class FieldTableTest {
  private static final Path DOCS = Path.of("../docs/api.md");
  private static final String BEGIN = "<!-- made from fields.txt -->\n";
  private static final String END = "<!-- end of what is made from fields.txt -->\n";

  private final List<Row> rows = OpenAiFields.table().rows();

  @Test
  void placesAreKnown() {
    Set<String> known =
        Set.of(
            OpenAiFields.CHAT,
            OpenAiFields.COMPLETIONS,
            OpenAiFields.EMBEDDINGS,
            OpenAiFields.RERANK,
            OpenAiFields.TOKENIZE,
            OpenAiFields.DETOKENIZE,
            OpenAiFields.STREAM_OPTIONS,
            OpenAiFields.MESSAGE,
            OpenAiFields.PART,
            OpenAiFields.TOOL_CALL,
            OpenAiFields.TOOL,
            OpenAiFields.FUNCTION,
            OpenAiFields.TOOL_CHOICE,
            OpenAiFields.REASONING,
            OpenAiFields.RESPONSE_FORMAT,
            OpenAiFields.STRUCTURED_OUTPUTS,
            "json_schema",
            "kept_chat",
            "metadata");
    rows.forEach(row -> assertTrue(known.contains(row.place()), row::toString));
  }

  @Test
  void everyRowHasWords() {
    rows.forEach(row -> assertFalse(row.words().isBlank(), row::toString));
    rows.stream()
        .filter(row -> row.what().startsWith("refused"))
        .forEach(row -> assertTrue(row.words().endsWith("."), row::toString));
  }

  @Test
  void theDocumentShowsTheTable() throws IOException {
    String docs = Files.readString(DOCS);
    int begin = docs.indexOf(BEGIN) + BEGIN.length();
    int end = docs.indexOf(END);
    assertTrue(begin >= BEGIN.length() && end >= begin, "the marks are missing in " + DOCS);
    String made = tables();
    if ("1".equals(System.getenv("SOLEBOX_WRITE_DOCS"))) {
      Files.writeString(DOCS, docs.substring(0, begin) + made + docs.substring(end));
      return;
    }
    assertEquals(
        made, docs.substring(begin, end), "SOLEBOX_WRITE_DOCS=1 with this test writes " + DOCS);
  }

  private String tables() {
    StringBuilder text = new StringBuilder();
    text.append("\nOther names:\n\n| field | is | where | from |\n|---|---|---|---|\n");
    grouped("= ", row -> row.words() + row.what())
        .forEach(
            (fields, row) ->
                text.append(
                    "| %s | `%s` | %s | %s |\n"
                        .formatted(fields, row.what().substring(2), places(row), row.words())));
    text.append("\nWithout effect:\n\n| field | where | why |\n|---|---|---|\n");
    grouped("no effect", Row::words)
        .forEach(
            (fields, row) ->
                text.append("| %s | %s | %s |\n".formatted(fields, places(row), row.words())));
    text.append("\nRefused with 400 and their name:\n\n| field | where | why |\n|---|---|---|\n");
    grouped("refused", Row::words)
        .forEach(
            (fields, row) ->
                text.append("| %s | %s | %s |\n".formatted(fields, places(row), row.words())));
    return text.append('\n').toString();
  }

  /** The fields that one line says the same of, and one of their rows. */
  private Map<String, Row> grouped(String what, Function<Row, String> sameness) {
    Map<String, List<Row>> groups =
        rows.stream()
            .filter(row -> row.what().startsWith(what))
            .collect(
                Collectors.groupingBy(
                    row -> places(row) + "|" + sameness.apply(row),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<String, Row> lines = new LinkedHashMap<>(); // in order; no two lines have the same fields
    for (List<Row> group : groups.values()) {
      String fields = group.stream().map(this::shown).distinct().collect(Collectors.joining(", "));
      lines.put(fields, group.getFirst());
    }
    return lines;
  }

  private String shown(Row row) {
    String name = row.name().equals("*") ? "any other field" : "`" + row.name() + "`";
    String unless = "refused unless ";
    return row.what().startsWith(unless)
        ? name + " (but " + row.what().substring(unless.length()).replace(" ", " or ") + ")"
        : name;
  }

  /** Where a field of a row stands, over all rows of its name that say the same. */
  private String places(Row row) {
    List<String> places =
        rows.stream()
            .filter(
                other ->
                    other.name().equals(row.name())
                        && other.what().equals(row.what())
                        && other.words().equals(row.words()))
            .map(Row::place)
            .map(FieldTableTest::placeName)
            .distinct()
            .toList();
    return places.equals(List.of("chat", "completions")) ? "both" : String.join(", ", places);
  }

  private static String placeName(String place) {
    return switch (place) {
      case OpenAiFields.MESSAGE -> "messages";
      case OpenAiFields.PART -> "parts";
      case OpenAiFields.TOOL_CALL -> "tool calls";
      case OpenAiFields.TOOL -> "tools";
      case OpenAiFields.FUNCTION -> "functions";
      default -> place;
    };
  }
}
