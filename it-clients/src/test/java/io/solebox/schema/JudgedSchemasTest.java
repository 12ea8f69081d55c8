package io.solebox.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.ExecutionContextCustomizer;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.schema.JsonSchema;
import io.solebox.engine.constrain.schema.SchemaOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.ObjectMapper;

/** Grammars of schemas, judged by a validator that others wrote. */
@Timeout(240)
class JudgedSchemasTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ExecutionContextCustomizer WITH_FORMATS =
      (context, _) -> context.executionConfig(config -> config.formatAssertionsEnabled(true));

  /** All that is honoured of draft 2020-12. */
  private static final List<String> KEYWORDS =
      List.of(
          "$anchor",
          "$defs",
          "$id",
          "$ref",
          "additionalProperties",
          "allOf",
          "anyOf",
          "const",
          "contains",
          "dependentRequired",
          "dependentSchemas",
          "else",
          "enum",
          "exclusiveMaximum",
          "exclusiveMinimum",
          "format",
          "if",
          "items",
          "maxItems",
          "maxLength",
          "maxProperties",
          "maximum",
          "minItems",
          "minLength",
          "minProperties",
          "minimum",
          "multipleOf",
          "not",
          "oneOf",
          "pattern",
          "patternProperties",
          "prefixItems",
          "properties",
          "propertyNames",
          "required",
          "then",
          "type",
          "unevaluatedItems",
          "unevaluatedProperties",
          "uniqueItems");

  private static final int SCHEMAS = 500;
  private static final int WALKS = 5;
  private static final int VALUES = 5;

  private final SchemaRegistry judges =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Test
  void whatAGrammarSaysIsValidAndWhatIsValidItSays() {
    List<String> wrong = new ArrayList<>();
    Set<String> keywords = new TreeSet<>();
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      RandomSchemas.Made made = new RandomSchemas(random).next(3);
      collectNames(made.schema(), keywords);
      String schema = MAPPER.writeValueAsString(made.schema());
      Grammar grammar =
          JsonSchema.grammar(schema.getBytes(StandardCharsets.UTF_8), SchemaOptions.DEFAULT);
      Schema judge = judges.getSchema(schema, InputFormat.JSON);
      GrammarWalk walk = new GrammarWalk(grammar, random);
      for (int i = 0; i < WALKS; i++) {
        String text = walk.text();
        var errors = judge.validate(text, InputFormat.JSON, WITH_FORMATS);
        if (!errors.isEmpty()) {
          wrong.add("walked to " + text + " of " + schema + ": " + errors);
        }
      }
      CompiledGrammar compiled = CompiledGrammar.of(grammar);
      for (int i = 0; i < VALUES; i++) {
        String text = MAPPER.writeValueAsString(made.values().get());
        if (!compiled.accepts(text)) {
          wrong.add("refused " + text + " of " + schema);
        }
      }
    }
    assertEquals(List.of(), wrong.stream().limit(10).toList());
    assertEquals(List.of(), KEYWORDS.stream().filter(name -> !keywords.contains(name)).toList());
  }

  private static void collectNames(Object at, Set<String> out) {
    if (at instanceof Map<?, ?> map) {
      map.forEach(
          (name, inner) -> {
            out.add((String) name);
            collectNames(inner, out);
          });
    } else if (at instanceof List<?> list) {
      list.forEach(inner -> collectNames(inner, out));
    }
  }
}
