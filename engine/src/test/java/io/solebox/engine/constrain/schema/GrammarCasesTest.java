package io.solebox.engine.constrain.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.grammar.PlainMatcher;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every case of {@code shared/testdata/grammar}: what other implementations take and refuse. */
class GrammarCasesTest {
  /** As {@code uniqueItems} of free strings, which only a lenient reading passes over. */
  private static final SchemaOptions LENIENT = new SchemaOptions(true, true);

  private static List<Map<String, Object>> cases(String name) throws IOException {
    Path file = SharedData.folder("grammar").resolve(name);
    List<Map<String, Object>> cases = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      cases.add(new JsonReader(JsonLimits.LOCAL).readObject(line.getBytes(StandardCharsets.UTF_8)));
    }
    return cases;
  }

  private static List<?> list(Map<String, Object> at, String key) {
    return (List<?>) at.getOrDefault(key, List.of());
  }

  @Test
  void acceptsAndRejectsWhatTheOracleAgreesOn() throws IOException {
    List<String> wrong = new ArrayList<>();
    int texts = 0;
    for (Map<String, Object> one : cases("schema-oracle.jsonl")) {
      Grammar grammar = JsonSchema.grammar(one.get("schema"), LENIENT);
      texts += check(grammar, one, list(one, "accept"), true, wrong);
      texts += check(grammar, one, list(one, "reject"), false, wrong);
    }
    assertEquals(List.of(), wrong);
    assertTrue(texts > 2400, "texts: " + texts);
  }

  @Test
  void followsTheExpectationsOfLlamaCppWhereTheyAreThoseOfJsonSchema() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map<String, Object> one : cases("schema.jsonl")) {
      Grammar grammar = JsonSchema.grammar(one.get("schema"), LENIENT);
      List<?> disagreed = list(one, "jsonschema_disagrees");
      check(grammar, one, list(one, "accept"), true, wrong);
      // Objects with properties that nobody spoke of are refused here as there.
      List<?> rejected =
          list(one, "reject").stream()
              .filter(text -> text.toString().startsWith("{") || !disagreed.contains(text))
              .toList();
      check(grammar, one, rejected, false, wrong);
    }
    assertEquals(List.of(), wrong);
  }

  private static int check(
      Grammar grammar,
      Map<String, Object> one,
      List<?> texts,
      boolean expected,
      List<String> wrong) {
    CompiledGrammar compiled = CompiledGrammar.of(grammar);
    for (Object text : texts) {
      if (PlainMatcher.accepts(grammar, (String) text) != expected) {
        wrong.add((expected ? "refuses " : "accepts ") + text + " of " + one.get("schema"));
      }
      if (compiled.accepts((String) text) != expected) {
        wrong.add("compiled: " + text + " of " + one.get("schema"));
      }
    }
    return texts.size();
  }
}
