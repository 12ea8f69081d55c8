package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenize, detokenize and template, against recorded answers where they are. */
class TextCommandsTest {
  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  @Test
  void idsComeALineEachAndGoBack() throws IOException {
    String model = cli().synth(home, "tiny-bpe", "Q8_0");
    Path file = home.resolve("lines");
    Files.writeString(file, "hello\n\n Gr\u00fc\u00dfe \u4f60\u597d\r\nlast");
    var ids = cli().run("tokenize", model, "--file", file.toString(), "--no-bos");
    assertEquals(4, ids.out().lines().count());
    assertEquals("[]", ids.out().lines().skip(1).findFirst().orElseThrow());
    var text = cli().stdin(ids.out()).run("detokenize", model, "--json");
    assertEquals(
        List.of("\"hello\"", "\"\"", "\" Gr\u00fc\u00dfe \u4f60\u597d\\r\"", "\"last\""),
        text.out().lines().toList());
  }

  @Test
  void bosAndSpecialsAreAsAsked() {
    String model = cli().synth(home, "tiny-bpe", "Q8_0");
    assertEquals("[744]\n", cli().run("tokenize", model, "-p", "").out());
    assertEquals("[]\n", cli().run("tokenize", model, "-p", "", "--no-bos").out());
    String eot = "<|eot_id|>";
    assertEquals("[753]\n", cli().run("tokenize", model, "-p", eot, "--no-bos", "--special").out());
    assertTrue(cli().run("tokenize", model, "-p", eot, "--no-bos").out().length() > 10);
    assertEquals(eot + "\n", cli().run("detokenize", model, "--ids", "753", "--special").out());
    assertEquals("\n", cli().run("detokenize", model, "--ids", "753").out());
  }

  @Test
  void aFolderOrATokenizersOwnFileWillDo() throws IOException {
    Path file = home.resolve("tokenizer.json");
    Files.writeString(
        file,
        """
        {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]},
         "pre_tokenizer": null, "decoder": {"type": "Fuse"}}
        """);
    for (Path model : List.of(home, file)) {
      assertEquals("[2,0]\n", cli().run("tokenize", model.toString(), "-p", "aba").out());
      assertEquals("aba\n", cli().run("detokenize", model.toString(), "--ids", "2,0").out());
    }
    Path absent = home.resolve("absent");
    Files.createDirectory(absent);
    var none = cli().run("tokenize", absent.toString(), "-p", "a");
    assertEquals(1, none.exitCode());
    assertTrue(none.err().contains("tokenizer.json"), none.err());
  }

  @Test
  void wrongIdsNameTheirPlace() {
    String model = cli().synth(home, "tiny-bpe", "Q8_0");
    for (String ids : List.of("1,x", "-1", "1000", "1,,2", "99999999999")) {
      var result = cli().run("detokenize", model, "--ids=" + ids);
      assertEquals(1, result.exitCode());
      assertTrue(result.err().startsWith("solebox: --ids: "), result.err());
    }
    var result = cli().stdin("[1]\n{}\n").run("detokenize", model);
    assertTrue(result.err().startsWith("solebox: stdin, line 2: "), result.err());
  }

  @Test
  void templateTakesVariablesPlainOrAsACase() throws IOException {
    Path template = home.resolve("t.jinja");
    Files.writeString(template, "{% for m in messages %}[{{ m.content }}]{% endfor %}");
    String variables = "{\"messages\": [{\"role\": \"user\", \"content\": \"a\\nb\"}]}";
    String[] line = {"template", "--file", template.toString(), "--input", "-"};
    assertEquals("[a\nb]", cli().stdin(variables).run(line).out());
    assertEquals("[a\nb]", cli().stdin("{\"input\": " + variables + "}").run(line).out());
    assertEquals(1, cli().stdin("[]").run(line).exitCode());
    assertEquals(1, cli().stdin("{").run(line).exitCode());
    String model = cli().synth(home, "tiny", "F32");
    assertEquals(
        "user: a\nb\n", cli().stdin(variables).run("template", model, "--input", "-").out());
  }

  @Test
  void recordedIds() throws IOException {
    Path packed = CliRunner.shared("tokenizer/vocab/ggml-vocab-gpt-2.gguf.gz");
    Path model = home.resolve("gpt-2.gguf");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
      Files.copy(in, model);
    }
    var texts = new ArrayList<String>();
    var expected = new ArrayList<String>();
    for (String line : Files.readAllLines(CliRunner.shared("tokenizer/gpt-2.jsonl"))) {
      var fields = assertInstanceOf(Map.class, CliRunner.json(line));
      if (fields.get("text") instanceof String text && !text.contains("\n") && !text.isEmpty()) {
        texts.add(text);
        expected.add(new JsonWriter().text(fields.get("ids")));
      }
    }
    var result =
        cli()
            .stdin(String.join("\n", texts))
            .run("tokenize", model.toString(), "--file", "-", "--no-bos");
    assertEquals(expected, result.out().lines().toList());
  }

  @Test
  void recordedRenderings() throws IOException {
    int count = 0;
    Path templates = CliRunner.shared("template/templates");
    for (String line : Files.readAllLines(CliRunner.shared("template/cases.jsonl"))) {
      var fields = assertInstanceOf(Map.class, CliRunner.json(line));
      if (count < 20 && fields.get("expected") instanceof String expected) {
        count++;
        String template = templates.resolve(fields.get("template") + ".jinja").toString();
        var result =
            cli()
                .stdin(line)
                .run(
                    "template", "--file", template, "--input", "-", "--now", "2026-07-14T09:05:03");
        assertEquals(expected, result.out(), fields.get("id") + result.err());
      }
    }
    assertEquals(20, count);
  }
}
