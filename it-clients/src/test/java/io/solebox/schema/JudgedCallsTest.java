package io.solebox.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerFormat;
import io.solebox.engine.answer.AnswerParser;
import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.answer.call.WrittenMarks;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.schema.JsonSchema;
import io.solebox.engine.constrain.schema.SchemaOptions;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.ObjectMapper;

/**
 * Calls whose arguments are no JSON, held to schemas: what a grammar says is read back and judged
 * by a validator that others wrote; and what is valid, and reads back as what it is, a grammar
 * says. What is of a format is judged elsewhere.
 */
@Timeout(240)
class JudgedCallsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SCHEMAS = 8;
  private static final int WALKS = 4;
  private static final int VALUES = 4;
  private static final int MAX_PROPERTIES = 4;

  /** As their templates write calls of a tool f. */
  private enum Family {
    QWEN_CODER(
        "<tool_call> <function=", "<tool_call>\n<function=f>\n", "</function>\n</tool_call>") {
      @Override
      String argument(String key, Object value) {
        String capital =
            value instanceof Boolean || value == null
                ? Map.of("true", "True", "false", "False", "null", "None").get(text(value))
                : text(value);
        return "<parameter=%s>\n%s\n</parameter>\n".formatted(key, capital);
      }
    },
    GLM("<arg_key>", "<tool_call>f\n", "</tool_call>") {
      @Override
      String argument(String key, Object value) {
        return "<arg_key>%s</arg_key>\n<arg_value>%s</arg_value>\n".formatted(key, text(value));
      }
    },
    DSML(
        "DSML",
        "<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"f\">\n",
        "</｜DSML｜invoke>\n</｜DSML｜function_calls>") {
      @Override
      String argument(String key, Object value) {
        return "<｜DSML｜parameter name=\"%s\" string=\"%s\">%s</｜DSML｜parameter>\n"
            .formatted(key, value instanceof String, text(value));
      }
    },
    KIMI_3(
        "<|open|><|close|>",
        "<|open|>tools<|sep|><|open|>call tool=\"f\" index=\"1\"<|sep|>",
        "<|close|>call<|sep|><|close|>tools<|sep|>") {
      @Override
      String argument(String key, Object value) {
        String type =
            switch (value) {
              case null -> "null";
              case Boolean _ -> "boolean";
              case Number _ -> "number";
              case String _ -> "string";
              case Map<?, ?> _ -> "object";
              default -> "array";
            };
        return "<|open|>argument key=\"%s\" type=\"%s\"<|sep|>%s<|close|>argument<|sep|>"
            .formatted(key, type, text(value));
      }
    },
    GEMMA_4("<|channel><|tool_call>", "<|tool_call>call:f{", "}<tool_call|>") {
      @Override
      String argument(String key, Object value) {
        return key + ":" + literal(value) + ",";
      }

      private static String literal(Object value) {
        return switch (value) {
          case String text -> "<|\"|>" + text + "<|\"|>";
          case List<?> list ->
              list.stream().map(one -> literal(one)).collect(Collectors.joining(",", "[", "]"));
          case Map<?, ?> map ->
              map.entrySet().stream()
                  .map(member -> bare((String) member.getKey()) + ":" + literal(member.getValue()))
                  .collect(Collectors.joining(",", "{", "}"));
          case null, default -> text(value);
        };
      }

      private static String bare(String name) {
        return name.contains(" ") ? "<|\"|>" + name + "<|\"|>" : name;
      }
    },
    LFM_2("<|tool_call_start|>", "<|tool_call_start|>[f(", ")]<|tool_call_end|>") {
      @Override
      String argument(String key, Object value) {
        return key + "=" + (value instanceof Map ? text(value) : literal(value)) + ", ";
      }

      private static String literal(Object value) {
        return switch (value) {
          case null -> "None";
          case Boolean is -> is ? "True" : "False";
          case String text -> "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
          case List<?> list ->
              list.stream().map(one -> literal(one)).collect(Collectors.joining(", ", "[", "]"));
          case Map<?, ?> map ->
              map.entrySet().stream()
                  .map(member -> literal(member.getKey()) + ": " + literal(member.getValue()))
                  .collect(Collectors.joining(", ", "{", "}"));
          default -> text(value);
        };
      }
    },
    MINI_CPM("<function name=", "<function name=\"f\">", "</function>") {
      @Override
      String argument(String key, Object value) {
        boolean data = value instanceof String text && text.matches("(?s).*[<&\n].*");
        return (data
                ? "<param name=\"%s\"><![CDATA[%s]]></param>"
                : "<param name=\"%s\">%s</param>")
            .formatted(key, text(value));
      }
    };

    private final String template;
    private final String before;
    private final String behind;

    Family(String template, String before, String behind) {
      this.template = template;
      this.before = before;
      this.behind = behind;
    }

    abstract String argument(String key, Object value);

    static String text(Object value) {
      return value instanceof String text ? text : MAPPER.writeValueAsString(value);
    }

    String arguments(Map<String, Object> values) {
      StringBuilder text = new StringBuilder();
      values.forEach((key, value) -> text.append(argument(key, value)));
      return text.toString().replaceAll("[,\\s]+$", "");
    }

    Grammar grammar(Map<String, Object> schema) {
      ArgumentWriting writing = AnswerFormat.ofTemplate(template).writings().getFirst();
      Expression space = Expression.choice(Expression.text(" "), Expression.text("\n")).optional();
      return JsonSchema.arguments(
          MAPPER.writeValueAsString(schema).getBytes(StandardCharsets.UTF_8),
          SchemaOptions.DEFAULT,
          new Budget(),
          writing
              .form(
                  io.solebox.engine.answer.call.Schema.read(schema),
                  new WrittenMarks(Expression::text, space))
              .orElseThrow());
    }

    /** The arguments that are read; empty where it is no whole call. */
    Optional<String> read(Map<String, Object> schema, String arguments) {
      Map<String, Object> function = Map.of("name", "f", "parameters", schema);
      AnswerParser parser =
          AnswerFormat.ofTemplate(template)
              .parser("", List.of(Map.of("type", "function", "function", function)));
      List<AnswerEvent.Part> parts = new ArrayList<>();
      parser.accept(before + arguments + behind, parts::add);
      parser.finish(false, parts::add);
      StringBuilder read = new StringBuilder();
      for (AnswerEvent.Part part : parts) {
        switch (part) {
          case AnswerEvent.ToolCallStart _ -> {}
          case AnswerEvent.ToolCallArguments call -> read.append(call.fragment());
          default -> {
            return Optional.empty();
          }
        }
      }
      return Optional.of(read.toString());
    }
  }

  private record Made(Map<String, Object> schema, Supplier<Map<String, Object>> values) {}

  private static Made made(Random random) {
    RandomSchemas schemas = new RandomSchemas(random);
    Map<String, RandomSchemas.Made> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (int i = random.nextInt(MAX_PROPERTIES); i >= 0; i--) {
      properties.put("p" + i, schemas.next(2));
      if (random.nextBoolean()) {
        required.add("p" + i);
      }
    }
    Map<String, Object> declared = new LinkedHashMap<>();
    Map<String, Object> definitions = new LinkedHashMap<>();
    properties.forEach(
        (name, made) -> {
          definitions.put(name, made.schema());
          Map<String, Object> reference = Map.of("$ref", "#/$defs/" + name);
          declared.put(
              name,
              switch (random.nextInt(3)) {
                case 0 -> reference;
                case 1 -> Map.of("allOf", List.of(reference));
                default -> made.schema();
              });
        });
    Map<String, Object> schema =
        RandomSchemas.schema("type", "object", "properties", declared, "required", required);
    schema.put("$defs", definitions);
    if (random.nextBoolean()) {
      RandomSchemas.Made other = schemas.next(1);
      schema.put("additionalProperties", other.schema());
      properties.put("q", other);
    }
    return new Made(
        schema,
        () -> {
          Map<String, Object> value = new LinkedHashMap<>();
          properties.forEach(
              (name, made) -> {
                if (required.contains(name) || random.nextBoolean()) {
                  value.put(name, made.values().get());
                }
              });
          return value;
        });
  }

  private final SchemaRegistry judges =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @ParameterizedTest
  @EnumSource(Family.class)
  void whatIsReadIsValidAndWhatIsValidIsSaid(Family family) {
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    int said = 0;
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      Made made = made(random);
      try {
        Grammar grammar = family.grammar(made.schema());
        walk(family, made, new GrammarWalk(grammar, random), wrong);
        said += say(family, made, CompiledGrammar.of(grammar), wrong);
      } catch (SoleboxException e) {
        refused++;
        if (!e.explanation().contains("would be read as another value")) {
          wrong.add(e + " of " + made.schema());
        }
      }
    }
    assertEquals(List.of(), wrong.stream().limit(4).toList());
    assertTrue(said > SCHEMAS * VALUES * 2 / 3, "said " + said);
    assertTrue(10 * refused <= SCHEMAS, "refused " + refused);
  }

  private void walk(Family family, Made made, GrammarWalk walk, List<String> wrong) {
    String schema = MAPPER.writeValueAsString(made.schema());
    Schema judge = judges.getSchema(schema, InputFormat.JSON);
    for (int i = 0; i < WALKS; i++) {
      String text = walk.text();
      Optional<String> read = family.read(made.schema(), text);
      String errors =
          read.map(json -> judge.validate(json, InputFormat.JSON).toString()).orElse("no call");
      if (!errors.equals("[]")) {
        wrong.add("walked to " + text + ", read as " + read + ", of " + schema + ": " + errors);
      }
    }
  }

  /** How many values the family can write so that they are read as what they are. */
  private static int say(Family family, Made made, CompiledGrammar grammar, List<String> wrong) {
    int same = 0;
    for (int i = 0; i < VALUES; i++) {
      Map<String, Object> value = made.values().get();
      String text = family.arguments(value);
      boolean reads =
          family
              .read(made.schema(), text)
              .filter(
                  read ->
                      MAPPER
                          .readTree(read)
                          .equals(MAPPER.readTree(MAPPER.writeValueAsString(value))))
              .isPresent();
      same += reads ? 1 : 0;
      if (reads && !grammar.accepts(text)) {
        wrong.add("refused " + text + " of " + MAPPER.writeValueAsString(made.schema()));
      }
    }
    return same;
  }
}
