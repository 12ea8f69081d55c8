package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cases of {@code shared/testdata/toolcalls} in the families that are known. */
@Timeout(120)
class ToolCallCasesTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, AnswerSyntax> SYNTAXES = new HashMap<>();
  private static Path folder;

  @BeforeAll
  static void find() {
    folder = SharedData.folder("toolcalls");
  }

  private static AnswerSyntax syntax(String template) {
    return SYNTAXES.computeIfAbsent(
        template,
        name -> {
          Path file = SharedData.folder("template").resolve("templates").resolve(name + ".jinja");
          try {
            return AnswerSyntaxes.of(Files.readString(file));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static List<JsonNode> cases(String family) throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(family + ".jsonl"))) {
      cases.add(JSON.readTree(line));
    }
    return cases;
  }

  private static ParsedAnswer parse(JsonNode one, List<String> pieces) {
    boolean none = one.get("tools").asString().equals("none");
    boolean refused = one.at("/options/tool_choice").asString("").equals("none");
    AnswerParser parser =
        syntax(one.get("template").asString())
            .parser(one.get("generation_prompt").asString(), !none && !refused);
    boolean cut = one.get("kind").asString().startsWith("cut_");
    return ParsedAnswer.of(parser, cut, pieces);
  }

  private static List<String> differences(JsonNode one) {
    List<String> wrong = new ArrayList<>();
    ParsedAnswer answer = parse(one, List.of(one.get("raw").asString()));
    JsonNode expected = one.get("expect");
    for (JsonNode field : one.get("required")) {
      boolean same =
          switch (field.asString()) {
            case "content" ->
                answer.text().strip().equals(expected.get("content").asString().strip());
            case "reasoning_content" ->
                answer
                    .reasoning()
                    .strip()
                    .equals(expected.get("reasoning_content").asString().strip());
            default -> calls(answer).equals(calls(expected.get("tool_calls")));
          };
      if (!same) {
        wrong.add(
            one.get("template").asString()
                + " "
                + one.get("kind").asString()
                + " "
                + field
                + ": "
                + answer);
      }
    }
    return wrong;
  }

  private static List<Object> calls(ParsedAnswer answer) {
    List<Object> calls = new ArrayList<>();
    answer
        .calls()
        .forEach(call -> calls.add(List.of(call.name(), JSON.readTree(call.arguments()))));
    return calls;
  }

  private static List<Object> calls(JsonNode expected) {
    List<Object> calls = new ArrayList<>();
    for (JsonNode call : expected) {
      String arguments = call.get("arguments").asString();
      calls.add(List.of(call.get("name").asString(), JSON.readTree(arguments)));
    }
    return calls;
  }

  @ParameterizedTest
  @ValueSource(strings = {"hermes-qwen", "granite"})
  void requiredFieldsAreRead(String family) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : cases(family)) {
      wrong.addAll(differences(one));
    }
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hermes-qwen", "granite"})
  void everyStreamIsTheWholeAnswer(String family) throws IOException {
    for (JsonNode one : cases(family)) {
      String raw = one.get("raw").asString();
      String whole = parse(one, List.of(raw)).toString();
      for (List<String> pieces : Cuts.of(raw)) {
        assertEquals(whole, parse(one, pieces).toString(), () -> one.get("id") + ": " + pieces);
      }
    }
  }

  /** Their calls are written in other ways; what they think and say is read all the same. */
  @Test
  void reasoningBetweenTheUsualTagsIsReadInEveryFamily() throws IOException {
    Set<String> kinds =
        Set.of(
            "text",
            "text_no_tools",
            "text_unicode",
            "reasoning_text",
            "reasoning_text_no_tools",
            "reasoning_open",
            "thinking_off_text",
            "text_multiline",
            "empty",
            "cut_text");
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (String family : List.of("deepseek", "glm", "lfm2", "qwen3-coder-xml", "minimax")) {
      for (JsonNode one : cases(family)) {
        boolean known = syntax(one.get("template").asString()) != AnswerSyntax.PLAIN;
        if (known && kinds.contains(one.get("kind").asString())) {
          wrong.addAll(differences(one));
          count++;
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(count > 100, "only " + count);
  }
}
