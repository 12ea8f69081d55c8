package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.GgufWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with something wrong: one line that says where it is and what helps. */
class BadFilesTest {
  private static final String AGAIN = "Download or convert the file again.";

  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  /**
   * The tiny model as another file.
   *
   * @param keys in place of its own
   * @param tensors which of them
   */
  private Path changed(
      String name, Map<String, MetadataValue> keys, Predicate<TensorInfo> tensors) {
    Path tiny = Path.of(cli().synth(home, "tiny", "Q8_0"));
    Path changed = home.resolve(name);
    var writer = new GgufWriter();
    try (ModelSource source = ModelSources.open(tiny, ModelSource.Access.MAPPED)) {
      for (String key : source.metadata().keys()) {
        keys.putIfAbsent(key, source.metadata().find(key).orElseThrow());
      }
      keys.forEach(writer::put);
      source.tensors().stream()
          .filter(tensors)
          .forEach(
              t ->
                  writer.tensor(
                      t.name(), t.type(), t.shape(), GgufWriter.TensorData.of(source.data(t))));
      writer.write(changed);
    }
    return changed;
  }

  private Path without(Predicate<String> tensors) {
    return changed("changed.gguf", new TreeMap<>(), t -> !tensors.test(t.name()));
  }

  /** One line on stderr with all of these, and nothing on stdout. */
  private void assertRefused(Path file, String... words) {
    var result = cli().run("run", file.toString(), "-p", "hi", "-n", "1");
    assertEquals(1, result.exitCode(), result.out());
    assertEquals("", result.out().strip());
    String line = result.err().strip();
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.contains(file.getFileName().toString()), line);
    for (String word : words) {
      assertTrue(line.contains(word), line);
    }
  }

  @Test
  void allMissingTensorsAreNamedAtOnce() {
    Path file =
        without(
            n -> n.endsWith(".attn_q.weight") || n.matches("(output_norm|blk\\.1\\..*).weight"));
    assertRefused(
        file,
        "tensors are missing",
        "output_norm.weight",
        "blk.0-1.attn_q.weight",
        "blk.1.attn_k.weight",
        "blk.1.ffn_down.weight",
        AGAIN);
  }

  @Test
  void aTruncatedPartOfSeveralIsNamed() throws IOException {
    var keys = new TreeMap<String, MetadataValue>();
    Path second = home.resolve("cut-00002-of-00002.gguf");
    int count;
    try (ModelSource source =
        ModelSources.open(Path.of(cli().synth(home, "tiny", "Q8_0")), ModelSource.Access.MAPPED)) {
      count = source.tensors().size();
    }
    Predicate<TensorInfo> early = t -> t.name().startsWith("token_embd");
    keys.putAll(part(0, count));
    Path first = changed("cut-00001-of-00002.gguf", keys, early);
    keys.putAll(part(1, count));
    changed(second.getFileName().toString(), keys, early.negate());
    var whole = cli().run("run", first.toString(), "-p", "hi", "-n", "1");
    assertEquals(0, whole.exitCode(), whole.err());
    try (var channel = FileChannel.open(second, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(second) - 1000);
    }
    var result = cli().run("run", first.toString(), "-p", "hi", "-n", "1");
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("cut-00002-of-00002.gguf"), result.err());
    assertTrue(result.err().contains("the file is cut short"), result.err());
    assertTrue(result.err().contains("Download"), result.err());
  }

  private static Map<String, MetadataValue> part(int number, int tensors) {
    var keys = new TreeMap<String, MetadataValue>();
    var whole = ValueType.I32;
    keys.put("split.no", new MetadataValue.Whole(whole, number));
    keys.put("split.count", new MetadataValue.Whole(whole, 2));
    keys.put("split.tensors.count", new MetadataValue.Whole(whole, tensors));
    return keys;
  }

  @Test
  void aWrongShapeIsNamedWithWhatItShouldFit() {
    var keys = new TreeMap<String, MetadataValue>();
    var whole = ValueType.U32;
    keys.put("llama.attention.head_count_kv", new MetadataValue.Whole(whole, 1));
    keys.put("llama.attention.head_count", new MetadataValue.Whole(whole, 1));
    Path file = changed("shape.gguf", keys, _ -> true);
    assertRefused(file, "do not fit", "heads of", AGAIN);
  }

  @Test
  void aTokenizerWithoutMergesIsRefused() {
    var keys = new TreeMap<String, MetadataValue>();
    keys.put("tokenizer.ggml.model", new MetadataValue.Text("gpt2"));
    keys.put("tokenizer.ggml.pre", new MetadataValue.Text("gpt-2"));
    assertRefused(
        changed("merges.gguf", keys, _ -> true), "tokenizer.ggml.merges: the key is missing");
  }

  /** Q8_0 keeps 32 elements of a head together. */
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void aHeadThatNoKernelTakesNamesTheCacheThatDoes(String device) {
    Path references = Path.of("..", "engine-testkit", "src", "test", "reference");
    String model = references.resolve("nemotron-h/nemotron-h-f32.gguf").toString();
    var result =
        cli().run("run", model, "-p", "a", "-n", "1", "--device", device, "--kv-type", "q8_0");
    assertEquals(1, result.exitCode(), result.out());
    assertTrue(result.err().contains("multiple of 32"), result.err());
    assertTrue(result.err().contains("have 8 elements"), result.err());
    assertTrue(result.err().contains("--kv-type f16"), result.err());
    for (String type : List.of("f16", "f32")) {
      var other =
          cli().run("run", model, "-p", "a", "-n", "1", "--device", device, "--kv-type", type);
      assertEquals(0, other.exitCode(), other.err());
    }
  }
}
