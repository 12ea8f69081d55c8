package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code solebox grammar check}, and answers that are held to a structure. */
class GrammarCommandTest {
  @TempDir Path home;

  private CliRunner.Result check(String stdin, String... options) {
    List<String> command = new ArrayList<>(List.of("grammar", "check"));
    command.addAll(List.of(options));
    return new CliRunner(home).stdin(stdin).run(command.toArray(String[]::new));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(home.resolve(name), text).toString();
  }

  @Test
  void textsAreAcceptedOrRejected() throws IOException {
    String schema = file("s.json", "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}");
    CliRunner.Result result = check("\"[1]\"\n\"[1\"\n\n\"[\\\"a\\\"]\"\n", "--schema", schema);
    assertEquals("", result.err());
    assertEquals("accept\nreject\nreject\n", result.out());
    assertEquals(0, result.exitCode());
    String gbnf = file("g.gbnf", "root ::= \"a\"+");
    String texts = file("t.jsonl", "\"aa\"\n\"\"");
    assertEquals("accept\nreject\n", check("", "--gbnf", gbnf, "--file", texts).out());
    String lark = file("g.lark", "start: \"a\" /[0-9]/");
    assertEquals("accept\n", check("\"a1\"", "--lark", lark).out());
    assertEquals("accept\n", check("\"b\"", "--choice", "a", "--choice", "b").out());
    assertEquals(
        "{\"line\":1,\"accept\":true}\n{\"line\":2,\"accept\":false}\n",
        check("\"ab\"\n\"b\"", "--regex", "a.?", "--json").out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--regex | ( | 1 | regular expression",
        "--gbnf | /no/such/file | 1 | no such file",
        "--regex | a | 1 | stdin, line 1",
        "--regex | a --choice b | 2 | exclude each other",
        "--json | '' | 2 | Give a structure"
      })
  void whatIsWrongIsSaid(String option, String value, int exitCode, String words) {
    List<String> options = new ArrayList<>(List.of(option));
    if (!value.isEmpty()) {
      options.addAll(List.of(value.split(" ")));
    }
    CliRunner.Result result = check("no text\n", options.toArray(String[]::new));
    assertEquals(exitCode, result.exitCode(), result::err);
    assertTrue(result.err().contains(words), result::err);
    assertEquals("", result.out());
  }

  @Test
  void runHoldsItsAnswerToOne() {
    Path model = CliRunner.shared("stories260K/stories260K-f32.gguf");
    CliRunner.Result result =
        new CliRunner(home)
            .run(
                "run",
                model.toString(),
                "--raw",
                "-p",
                "Once",
                "--choice",
                "Tom",
                "--choice",
                "Zed");
    assertTrue(List.of("Tom\n", "Zed\n").contains(result.out()), result::out);
  }
}
