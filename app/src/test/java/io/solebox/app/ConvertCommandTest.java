package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox convert} as a person meets it. */
class ConvertCommandTest {
  @TempDir Path home;

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  private static String folder(String model) {
    return CliRunner.shared("arch/" + model + "/hf").toString();
  }

  private CliRunner.Result tokens(String model) {
    return run("tokenize", model, "-p", "The way it's 12345 日本 said");
  }

  private Path out(String name) {
    return home.resolve(name);
  }

  @Test
  void theFileReadsTextAsTheFolderDoes() throws IOException {
    Path file = out("qwen.gguf");
    var result = run("convert", folder("qwen2"), file.toString(), "--type", "f32", "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(Files.size(file), ((Number) result.object().get("bytes")).longValue());
    var ofFolder = tokens(folder("qwen2"));
    var ofFile = tokens(file.toString());
    assertEquals(0, ofFile.exitCode(), ofFile.err());
    assertEquals(ofFolder.out(), ofFile.out());
  }

  @Test
  void twiceIsTheSame() throws IOException {
    for (String name : new String[] {"a.gguf", "b.gguf"}) {
      assertEquals(0, run("convert", folder("gpt_oss"), out(name).toString()).exitCode());
    }
    assertArrayEquals(Files.readAllBytes(out("a.gguf")), Files.readAllBytes(out("b.gguf")));
  }

  @Test
  void aDryRunSaysHowLargeTheFileWouldBe() throws IOException {
    Path file = out("dry.gguf");
    String model = folder("qwen2");
    var dry = run("convert", model, file.toString(), "--type", "Q8_0", "--dry-run", "--json");
    assertEquals(0, dry.exitCode(), dry.err());
    assertFalse(Files.exists(file));
    assertEquals(0, run("convert", model, file.toString(), "--type", "Q8_0").exitCode());
    assertEquals(Files.size(file), ((Number) dry.object().get("bytes")).longValue());
  }

  @Test
  void aNameThatIsTakenIsLeftAlone() throws IOException {
    Path file = Files.writeString(out("mine.gguf"), "mine");
    var result = run("convert", folder("qwen2"), file.toString());
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("--force"), result.err());
    assertEquals("mine", Files.readString(file));
    assertEquals(0, run("convert", folder("qwen2"), file.toString(), "--force").exitCode());
  }

  @Test
  void whatIsNoModelIsRefused() {
    assertEquals(2, run("convert", home.toString(), out("x.bin").toString()).exitCode());
    var result = run("convert", home.toString(), out("x.gguf").toString());
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("config.json"), result.err());
    assertFalse(Files.exists(out("x.gguf")));
  }
}
