package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code solebox toolcalls parse}. */
class ToolCallsTest {
  private static final String RAW =
      "I look.\n<tool_call>\n<function=look_up>\n<parameter=word>\n007\n</parameter>\n"
          + "<parameter=count>\n2\n</parameter>\n</function>\n</tool_call>";

  private static final String FUNCTION =
      "{\"name\": \"look_up\", \"parameters\": {\"type\": \"object\", \"properties\":"
          + " {\"word\": {\"type\": \"string\"}, \"count\": {\"type\": \"integer\"}}}}";

  @TempDir Path home;
  private Path template;

  @BeforeEach
  void write() throws IOException {
    template = home.resolve("coder.jinja");
    Files.writeString(template, "{{ '<think></think><tool_call>\n<function=' }}");
  }

  private CliRunner.Result parse(String raw, String... options) {
    String[] command = new String[options.length + 4];
    command[0] = "toolcalls";
    command[1] = "parse";
    command[2] = "--template";
    command[3] = template.toString();
    System.arraycopy(options, 0, command, 4, options.length);
    return new CliRunner(home).stdin(raw).run(command);
  }

  private String file(String text) throws IOException {
    return Files.writeString(home.resolve("tools.json"), text).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"type\": \"function\", \"function\": FUNCTION}]",
        "[FUNCTION]",
        "{\"model\": \"m\", \"tools\": [{\"type\": \"function\", \"function\": FUNCTION}]}"
      })
  void aMessageComesOutAsJson(String tools) throws IOException {
    var result = parse(RAW, "--tools", file(tools.replace("FUNCTION", FUNCTION)));
    assertEquals("", result.err());
    String arguments = "{\"word\":\"007\",\"count\":2}";
    Map<String, Object> call =
        Map.of(
            "type",
            "function",
            "name",
            "look_up",
            "arguments",
            arguments,
            "function",
            Map.of("name", "look_up", "arguments", arguments));
    assertEquals(
        Map.of(
            "role", "assistant",
            "content", "I look.",
            "reasoning_content", "",
            "tool_calls", List.of(call)),
        result.object());
  }

  @Test
  void thePromptMayHaveBegunTheReasoning() {
    var open = parse("because\n</think>\n\nYes.", "--generation-prompt", "<|im|>\n<think>\n");
    assertEquals("because", open.object().get("reasoning_content"));
    assertEquals("Yes.", open.object().get("content"));
    var none = parse("Yes.", "--generation-prompt", "");
    assertEquals("Yes.", none.object().get("content"));
  }

  @Test
  void withoutToolsACallIsText() {
    var result = parse(RAW);
    assertEquals(RAW, result.object().get("content"));
    assertEquals(List.of(), result.object().get("tool_calls"));
  }

  @Test
  void whatIsCutOffEndsWhereItIsCertain() throws IOException {
    String tools = file("[" + FUNCTION + "]");
    var text = parse("I look.\n<tool_", "--tools", tools, "--partial");
    assertEquals("I look.", text.object().get("content"));
    var whole = parse("I look.\n<tool_", "--tools", tools);
    assertEquals("I look.\n<tool_", whole.object().get("content"));
    var call =
        parse(RAW.substring(0, RAW.indexOf("7\n</")), "--tools", tools, "--partial").object();
    var calls = (List<?>) call.get("tool_calls");
    assertEquals("{\"word\":\"00", ((Map<?, ?>) calls.getFirst()).get("arguments"));
  }

  @Test
  void unknownFormatsAreSaid() throws IOException {
    Files.writeString(template, "{{ messages }}");
    var result = parse("<tool_call>");
    assertEquals("<tool_call>", result.object().get("content"));
    assertTrue(result.err().contains("not known"), result.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"tools": 1}              | must be a JSON array of tools
          7                         | must be a JSON array of tools
          ["f"]                     | tools[0]: A tool must be a JSON object
          [{"name": "f"}, {"a": 1}] | tools[1]: This tool has no name
          [{"function": 1}]         | tools[0]: This tool has no name
          [{                        | not valid JSON
          """)
  void wrongToolsAreRefused(String tools, String message) throws IOException {
    var result = parse("Hi", "--tools", file(tools));
    assertEquals(1, result.exitCode());
    assertEquals("", result.out());
    assertTrue(result.err().contains(message), result.err());
  }

  @Test
  void wrongUsageIsSaid() {
    assertEquals(2, new CliRunner(home).run("toolcalls").exitCode());
    assertEquals(2, new CliRunner(home).run("toolcalls", "parse").exitCode());
    var missing = new CliRunner(home).run("toolcalls", "parse", "--template", "nowhere.jinja");
    assertEquals(1, missing.exitCode());
    assertTrue(missing.err().contains("There is no such file."), missing.err());
    var model = new CliRunner(home).run("toolcalls", "parse", "--template", "nobody");
    assertEquals(1, model.exitCode());
    assertTrue(model.err().contains("There is no model of this name"), model.err());
  }
}
