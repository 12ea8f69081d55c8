package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a prompt before a model gets it, as far as its length shows. */
class PromptOptionsTest {
  private static final String EOT = "<|eot_id|>";

  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  private String model() {
    return cli().synth(home, "tiny-bpe", "Q8_0");
  }

  private long promptTokens(String stdin, String... options) {
    List<String> line = new ArrayList<>(List.of("run", "-n", "1", "--json"));
    line.addAll(List.of(options));
    var result = cli().stdin(stdin).run(line.toArray(String[]::new));
    assertEquals(0, result.exitCode(), result.err());
    return (Long) result.object().get("prompt_tokens");
  }

  private long tokens(String model, String text, String... options) {
    List<String> line = new ArrayList<>(List.of("tokenize", model, "--no-bos", "-p", text));
    line.addAll(List.of(options));
    String ids = cli().run(line.toArray(String[]::new)).out();
    return ids.chars().filter(c -> c == ',').count() + 1;
  }

  @Test
  void rawTextIsNotStripped() {
    String model = model();
    String text = " \t hello \n";
    long expected = 1 + tokens(model, text);
    assertEquals(expected, promptTokens("", model, "--raw", "-p", text));
    assertEquals(expected, promptTokens(text + "\n", model, "--raw"), "one newline is the shell's");
    assertEquals(expected, promptTokens(text + "\r\n", model, "--raw"));
    assertEquals(expected - 1, promptTokens(text, model, "--raw"));
  }

  @Test
  void messagesAreTextAndRawPromptsHaveSpecialTokens() {
    String model = model();
    long empty = promptTokens("", model, "-p", "a");
    assertEquals(empty + tokens(model, EOT), promptTokens("", model, "-p", "a" + EOT));
    assertEquals(3, promptTokens("", model, "--raw", "-p", "a" + EOT));
    assertEquals(2, promptTokens("", model, "--raw", "-p", "<|begin_of_text|>a"), "one BOS");
  }

  @Test
  void anotherTemplateIsAFileOrBuiltIn() throws IOException {
    String model = model();
    Path file = home.resolve("t.jinja");
    Files.writeString(file, "{{ messages[0].content }}" + EOT + "{{ extra }}");
    String[] line = {model, "-p", "a", "--chat-template", file.toString()};
    assertEquals(3, promptTokens("", line), "BOS, a, the template's token");
    assertEquals(
        5,
        promptTokens(
            "",
            model,
            "-p",
            "a",
            "--chat-template",
            file.toString(),
            "--template-arg",
            "extra=17"));
    String head = "<|start_header_id|>%s<|end_header_id|>\n\n";
    String rendered = head.formatted("user") + "a" + EOT + head.formatted("assistant");
    assertEquals(
        1 + tokens(model, rendered, "--special"),
        promptTokens("", model, "-p", "a", "--chat-template", "llama3"));
    var wrong = cli().run("run", model, "-p", "a", "--chat-template", "nosuch");
    assertEquals(1, wrong.exitCode());
    assertTrue(wrong.err().contains("Built in are alpaca, chatml, "), wrong.err());
    assertEquals(1, wrong.err().lines().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"messages=[]", "bos_token=\"x\"", "thinking=False", "thinking="})
  void wrongArgumentsAreRefusedByName(String argument) {
    var result = cli().run("run", model(), "-p", "a", "--template-arg", argument);
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains(argument.substring(0, argument.indexOf('='))), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
  }

  /** As a model file may come: its template is none. */
  private String brokenTemplate() throws IOException {
    Path file = Path.of(model());
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("{% for "));
    Files.writeString(file, text.replace("{% for ", "{% fox "), StandardCharsets.ISO_8859_1);
    return file.toString();
  }

  @Test
  void aTemplateThatDoesNotCompileSpoilsChatAlone() throws IOException {
    String model = brokenTemplate();
    assertEquals(2, promptTokens("", model, "--raw", "-p", "a"));
    String out = home.resolve("logits").toString();
    assertEquals(0, cli().run("logits", model, "--ids", "1", "--out", out).exitCode());
    assertEquals(0, cli().run("tokenize", model, "-p", "a").exitCode());
    var inspected = cli().run("inspect", model, "--json").object();
    assertEquals(true, inspected.get("can_run"));
    String problem = (String) inspected.get("chat_template_problem");
    assertTrue(problem.contains("line 1 of the chat template"), problem);
    var chat = cli().stdin("a\n").run("chat", model);
    var run = cli().run("run", model, "-p", "a");
    for (var result : List.of(chat, run)) {
      assertEquals(1, result.exitCode());
      assertTrue(result.err().contains("line 1 of the chat template"), result.err());
      assertTrue(result.err().contains("--chat-template"), result.err());
    }
    assertTrue(promptTokens("", model, "-p", "a", "--chat-template", "chatml") > 10);
    var helped = cli().stdin("a\n").run("chat", model, "-n", "1", "--chat-template", "chatml");
    assertEquals(0, helped.exitCode(), helped.err());
  }

  @Test
  void reasoningIsLeftOutOfPipesAndSaidToBe() throws IOException {
    String model = model();
    Path file = home.resolve("think.jinja");
    Files.writeString(file, "{{ messages[0].content }}<think>");
    String[] line = {
      "run", model, "-p", "a", "-n", "4", "--seed", "1", "--chat-template", file.toString()
    };
    var plain = cli().run(line);
    assertEquals("\n", plain.out());
    assertTrue(plain.err().contains("characters of reasoning are left out"), plain.err());
    List<String> json = new ArrayList<>(List.of(line));
    json.add("--json");
    var fields = cli().run(json.toArray(String[]::new)).object();
    assertEquals("", fields.get("text"));
    assertEquals(List.of(), fields.get("tool_calls"));
    assertTrue(((String) fields.get("reasoning")).length() > 3, fields.toString());
    var chat =
        cli()
            .stdin("a\nb\n")
            .run("chat", model, "-n", "4", "--seed", "1", "--chat-template", file.toString());
    assertTrue(chat.err().contains("characters of reasoning left out"), chat.err());
  }

  @Test
  void templateRendersWhatIsBuiltInToo() {
    String variables = "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}";
    String[] line = {"template", "--chat-template", "chatml", "--input", "-"};
    assertEquals("<|im_start|>user\na<|im_end|>\n", cli().stdin(variables).run(line).out());
    String[] more = {
      "template", "--chat-template", "chatml", "--input", "-", "--template-arg", "messages=[]"
    };
    assertEquals(1, cli().stdin(variables).run(more).exitCode());
    assertEquals(2, cli().run("template", "--input", "-").exitCode());
    assertEquals(
        2, cli().run("template", "--file", "a", "--chat-template", "b", "--input", "-").exitCode());
  }
}
