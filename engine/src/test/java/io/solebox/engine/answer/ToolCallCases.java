package io.solebox.engine.answer;

import io.solebox.engine.answer.call.Tools;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cases of {@code shared/testdata/toolcalls}, and what their answers are held to. */
final class ToolCallCases {
  /** Numbers as they are written. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** The fields of an answer. */
  private static final List<String> FIELDS = List.of("content", "reasoning_content", "tool_calls");

  private final Path folder = SharedData.folder("toolcalls");
  private final Path templates = SharedData.folder("template").resolve("templates");
  private final Map<String, Tools> toolsets = new HashMap<>();
  private final Map<String, AnswerSyntax> syntaxes = new HashMap<>();

  ToolCallCases() {
    JsonNode sets = JSON.readTree(read(folder.resolve("toolsets.json")));
    sets.propertyStream()
        .forEach(
            set ->
                toolsets.put(
                    set.getKey(),
                    Tools.of(
                        JSON.convertValue(
                            set.getValue(), new TypeReference<List<Map<String, Object>>>() {}))));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<JsonNode> of(String family) {
    return read(folder.resolve(family + ".jsonl")).lines().map(JSON::readTree).toList();
  }

  private AnswerSyntax syntax(String template) {
    return syntaxes.computeIfAbsent(
        template, name -> AnswerSyntaxes.of(read(templates.resolve(name + ".jinja"))));
  }

  ParsedAnswer parse(JsonNode one, List<String> pieces) {
    boolean refused = one.at("/options/tool_choice").asString("").equals("none");
    Tools tools = refused ? Tools.NONE : toolsets.get(one.get("tools").asString());
    AnswerParser parser =
        syntax(one.get("template").asString())
            .parser(one.get("generation_prompt").asString(), tools);
    boolean cut = one.get("kind").asString().startsWith("cut_");
    return ParsedAnswer.of(parser, cut, pieces);
  }

  /** What differs from the fields that are required. */
  List<String> differences(JsonNode one) {
    List<String> fields = one.get("required").valueStream().map(JsonNode::asString).toList();
    return differences(one, one.path("expect"), fields);
  }

  /** What differs from what was meant, where that is another thing. */
  Optional<List<String>> differencesFromMeant(JsonNode one) {
    return one.has("meant")
        ? Optional.of(differences(one, one.get("meant"), FIELDS))
        : Optional.empty();
  }

  private List<String> differences(JsonNode one, JsonNode expected, List<String> fields) {
    ParsedAnswer answer = parse(one, List.of(one.get("raw").asString()));
    List<String> wrong = new ArrayList<>();
    for (String field : fields) {
      Object found =
          switch (field) {
            case "content" -> answer.text().strip();
            case "reasoning_content" -> answer.reasoning().strip();
            default -> calls(answer);
          };
      Object wanted =
          field.equals("tool_calls")
              ? calls(expected.get(field))
              : expected.get(field).asString().strip();
      if (!found.equals(wanted)) {
        wrong.add(
            "%s %s %s: %s, not %s\n   %s"
                .formatted(
                    one.get("template").asString(),
                    one.get("kind").asString(),
                    field,
                    found,
                    wanted,
                    one.get("raw").asString().replace("\n", "\\n")));
      }
    }
    return wrong;
  }

  private static List<Object> calls(ParsedAnswer answer) {
    List<Object> calls = new ArrayList<>();
    answer.calls().forEach(call -> calls.add(List.of(call.name(), value(call.arguments()))));
    return calls;
  }

  private static List<Object> calls(JsonNode expected) {
    List<Object> calls = new ArrayList<>();
    for (JsonNode call : expected) {
      JsonNode arguments = call.get("arguments");
      calls.add(
          List.of(
              call.get("name").asString(),
              arguments.isString() ? value(arguments.asString()) : arguments));
    }
    return calls;
  }

  /** Arguments that were cut off are no JSON. */
  private static Object value(String arguments) {
    try {
      return JSON.readTree(arguments);
    } catch (JacksonException _) {
      return arguments;
    }
  }
}
