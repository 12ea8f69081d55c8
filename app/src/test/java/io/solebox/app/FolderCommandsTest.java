package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on a folder of safetensors, as Hugging Face publishes them. */
class FolderCommandsTest {
  private static final Path REFERENCES =
      Path.of("..", "engine-testkit", "src", "test", "reference").toAbsolutePath().normalize();

  @TempDir Path home;

  private static String folder(String name) {
    return REFERENCES.resolve(name).resolve("hf").toString();
  }

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  private String text() throws IOException {
    return Files.writeString(home.resolve("text"), "abc bca cab ".repeat(40)).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inspect %s",
        "inspect %s --json",
        "tokenize %s -p abc",
        "detokenize %s --ids 1,2,3",
        "run %s -p abc -n 3 --raw",
        "run %s -p abc -n 3 --raw --lookup",
        "run %s -p abc -n 3 --raw --draft %s",
        "logits %s --ids 1,2,3 --out OUT",
        "bench %s -p 8 -n 4 -r 1 -b 1",
      })
  void commandsTakeAFolder(String line) {
    var result =
        run(
            line.replace("%s", folder("gptq"))
                .replace("OUT", home.resolve("out").toString())
                .split(" "));
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(!result.out().isEmpty() || Files.exists(home.resolve("out")), result.err());
  }

  @Test
  void qualityIsMeasuredOfFolders() throws IOException {
    var perplexity = run("perplexity", folder("gptq"), "--file", text(), "--context", "32");
    assertEquals(0, perplexity.exitCode(), perplexity.err());
    var compared =
        run("compare", folder("gptq"), folder("fp8"), "--file", text(), "--context", "32");
    assertEquals(0, compared.exitCode(), compared.err());
    assertTrue(compared.out().contains("KL divergence"), compared.out());
  }

  @Test
  void aFolderIsFoundByItsName() throws IOException {
    Path models = Files.createDirectories(home.resolve("models").resolve("small"));
    for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Files.copy(REFERENCES.resolve("gptq").resolve("hf").resolve(name), models.resolve(name));
    }
    var result = run("run", "small", "-p", "abc", "-n", "2", "--raw");
    assertEquals(0, result.exitCode(), result.err());
  }
}
