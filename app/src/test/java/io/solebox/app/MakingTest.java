package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.MadeFrom;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that make a model of another one, on names in the store. */
class MakingTest {
  private static final Path TESTS =
      Path.of("..", "engine-testkit", "src", "test").toAbsolutePath().normalize();

  @TempDir Path home;
  private CliRunner cli;

  @BeforeEach
  void importModel() {
    cli = new CliRunner(home);
    String made = cli.synth(home, "tiny", "F32");
    ok("models", "import", made, "--name", "m", "--move");
  }

  private CliRunner.Result ok(String... arguments) {
    var result = cli.run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private Generation current(String name) {
    return ModelStore.open(home.resolve("store")).current(ModelName.parse(name)).orElseThrow();
  }

  private MadeFrom of(String name) {
    return new MadeFrom(ModelName.parse(name), current(name).manifest().digest());
  }

  private void nothingIsLeftOver() throws Exception {
    try (Stream<Path> partials = Files.list(home.resolve("store/partial"))) {
      assertEquals(List.of(), partials.toList());
    }
    ok("models", "verify");
  }

  @Test
  void aNameIsQuantizedToItsTagOrToAnotherName() throws Exception {
    var result = ok("quantize", "m", "--type", "q8_0", "--json");
    assertEquals("m:Q8_0", result.object().get("name"));
    assertEquals(1L, result.object().get("generation"));
    var manifest = current("m:q8_0").manifest();
    assertEquals(Optional.of(of("m")), MadeFrom.of(manifest));
    assertEquals("quantize Q8_0", manifest.annotations().get(Annotations.MADE_BY));
    assertEquals("Q8_0", manifest.annotations().get(Annotations.QUANTIZATION));
    ok("tokenize", "m:Q8_0", "-p", "hello");

    ok("quantize", "m", "other", "--type", "Q4_0");
    ok("quantize", "m:Q8_0", "--type", "Q5_0", "--allow-requantize");
    assertEquals(Optional.of(of("m:Q8_0")), MadeFrom.of(current("m:Q5_0").manifest()));
    ok("quantize", "m", "other", "--type", "Q8_0");
    assertEquals(2, current("other").number());
    Path file = home.resolve("same.gguf");
    ok("quantize", "m", file.toString(), "--type", "Q8_0");
    var store = ModelStore.open(home.resolve("store"));
    assertEquals(
        -1,
        Files.mismatch(file, store.file(ModelName.parse("other"), current("other").manifest())));
    nothingIsLeftOver();
  }

  @Test
  void otherMetadataIsANewGeneration() throws Exception {
    var before = of("m");
    var result = ok("models", "set", "m", "general.name=Mine", "--json");
    assertEquals(2L, result.object().get("generation"));
    assertEquals("Mine", ok("inspect", "m", "--json").object().get("name"));
    assertEquals(Optional.of(before), MadeFrom.of(current("m").manifest()));
    ok("models", "rollback", "m");
    assertEquals(before, of("m"));
    nothingIsLeftOver();
  }

  @Test
  void aFolderOfTheStoreIsConvertedUnderItsOwnName() throws Exception {
    Path folder = CliRunner.shared("arch/qwen2/hf");
    ok("models", "import", folder.toString(), "--name", "me/qwen", "--copy");
    var result = ok("convert", "me/qwen", "--type", "f16", "--json");
    assertEquals("me/qwen:F16", result.object().get("name"));
    assertEquals(Optional.of(of("me/qwen:latest")), MadeFrom.of(current("me/qwen:F16").manifest()));
    Object title = ok("inspect", "me/qwen:F16", "--json").object().get("name");
    assertTrue(title.toString().toLowerCase().contains("qwen"), title.toString());
    assertEquals(
        "F16", current("me/qwen:F16").manifest().annotations().get(Annotations.QUANTIZATION));
    nothingIsLeftOver();
  }

  @Test
  void anAdapterIsMergedIntoANewName() throws Exception {
    String model = TESTS.resolve("reference/llama-linear/llama-linear-f32.gguf").toString();
    ok("models", "import", model, "--name", "linear", "--copy");
    var poet = TESTS.resolve("adapters/poet").toString();
    assertEquals(
        15L, ok("models", "merge", "linear", poet, "poet", "--json").object().get("matrices"));
    assertEquals(Optional.of(of("linear")), MadeFrom.of(current("poet").manifest()));
    nothingIsLeftOver();
  }

  @Test
  void whatFailsLeavesTheNameAsItWas() throws Exception {
    var before = of("m");
    assertEquals(1, cli.run("models", "set", "m", "--remove", "no.such.key").exitCode());
    assertEquals(
        1, cli.run("quantize", "m", "m", "--type", "Q8_0", "--imatrix", "none").exitCode());
    assertEquals(before, of("m"));
    assertEquals(2, cli.run("quantize", "m", "../m", "--type", "Q8_0").exitCode());
  }
}
