package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.store.imatrix.ImportanceFiles;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code imatrix}, on reference models. */
class ImatrixCommandTest {
  private static final Path REFERENCES =
      Path.of("..", "engine-testkit", "src", "test", "reference");

  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  private static String reference(String name) {
    return REFERENCES.resolve(name).resolve(name + "-f32.gguf").toString();
  }

  private String text(String name, int times) throws IOException {
    Path file = home.resolve(name);
    Files.writeString(file, "the boats came in, all but one. ".repeat(times));
    return file.toString();
  }

  private CliRunner.Result imatrix(String model, String... arguments) {
    var all = new ArrayList<>(List.of("imatrix", reference(model)));
    all.addAll(List.of(arguments));
    if (!all.contains("--context")) {
      all.addAll(List.of("--context", "32"));
    }
    return cli().run(all.toArray(String[]::new));
  }

  private String out(String name) {
    return home.resolve(name).toString();
  }

  private ImportanceMatrix read(String name) {
    return ImportanceFiles.read(home.resolve(name));
  }

  @Test
  void whatIsMadeIsWhatQuantizeTakes() throws IOException {
    String text = text("text", 40);
    var made = imatrix("ministral3", "--file", text, "--out", out("i.gguf"), "--chunks", "4");
    assertEquals(0, made.exitCode(), made.err());
    assertTrue(
        made.out().contains("i.gguf: 14 matrices, from 4 chunks of 32 tokens of " + text),
        made.out());
    ImportanceMatrix matrix = read("i.gguf");
    assertEquals(OptionalInt.of(4), matrix.chunks());
    assertEquals(OptionalInt.of(32), matrix.chunkTokens());
    assertEquals(List.of(text), matrix.datasets());
    assertArrayEquals(
        new float[] {128}, matrix.entries().get("blk.0.attn_q.weight").counts(), "all tokens");
    var quantized =
        cli()
            .run(
                "quantize",
                reference("ministral3"),
                out("q.gguf"),
                "--type",
                "Q4_0",
                "--imatrix",
                out("i.gguf"));
    assertEquals(0, quantized.exitCode(), quantized.err());
  }

  /** Whoever goes on where another stopped has, in the end, what one reading has. */
  @Test
  void aReadingGoesOnWhereItStopped() throws IOException {
    String text = text("text", 40);
    imatrix("qwen2moe", "--file", text, "--out", out("all.gguf"), "--chunks", "5");
    imatrix("qwen2moe", "--file", text, "--out", out("part.gguf"), "--chunks", "2");
    var rest =
        imatrix(
            "qwen2moe",
            "--file",
            text,
            "--out",
            out("part.gguf"),
            "--from",
            out("part.gguf"),
            "--skip",
            "2",
            "--chunks",
            "3",
            "--json");
    assertEquals(0, rest.exitCode(), rest.err());
    assertEquals(3L, rest.object().get("read_chunks"));
    assertEquals(5L, rest.object().get("file_chunks"));
    ImportanceMatrix all = read("all.gguf");
    ImportanceMatrix parts = read("part.gguf");
    assertEquals(all.entries().keySet(), parts.entries().keySet());
    all.entries()
        .forEach(
            (name, entry) -> {
              assertArrayEquals(entry.counts(), parts.entries().get(name).counts(), name);
              assertArrayEquals(entry.sums(), parts.entries().get(name).sums(), 1e-2f, name);
            });
  }

  @Test
  void expertsThatNothingCameToAreNamed() throws IOException {
    String text = text("text", 20);
    var made =
        imatrix(
            "gemma4-moe", "--file", text, "--out", out("i.dat"), "--chunks", "1", "--context", "2");
    assertEquals(0, made.exitCode(), made.err());
    assertTrue(made.err().contains("_exps.weight: nothing came to expert"), made.err());
    assertTrue(made.err().contains("this format does not tell them apart"), made.err());
    var json =
        imatrix(
            "gemma4-moe",
            "--file",
            text,
            "--out",
            out("i.gguf"),
            "--chunks",
            "1",
            "--context",
            "2",
            "--json");
    Map<String, Object> unused = CliRunner.asObject(json.object().get("unused_experts"));
    assertTrue(unused.containsKey("blk.0.ffn_down_exps.weight"), json.out());
    assertFalse(read("i.gguf").entries().get("blk.0.ffn_down_exps.weight").unused().isEmpty());
  }

  /** The text that comes with Solebox has its place in the file. */
  @Test
  void withoutATextOneThatComesAlongIsRead() {
    var made = imatrix("ministral3", "--out", out("i.dat"), "--chunks", "1");
    assertEquals(0, made.exitCode(), made.err());
    assertEquals(List.of("Solebox's calibration.txt"), read("i.dat").datasets());
  }

  @Test
  void whatCannotBeMadeIsRefusedBeforeItBegins() throws IOException {
    String text = text("text", 1);
    var none = imatrix("ministral3", "--file", text, "--out", out("i.gguf"), "--context", "100");
    assertEquals(Main.FAILED, none.exitCode());
    assertTrue(none.err().contains("0 chunks of 100"), none.err());
    var skipped = imatrix("ministral3", "--file", text, "--out", out("i.gguf"), "--skip", "9");
    assertTrue(skipped.err().contains("9 are left out"), skipped.err());
    var ending = imatrix("ministral3", "--file", text, "--out", out("i.bin"));
    assertEquals(Main.WRONG_USAGE, ending.exitCode());
    assertTrue(ending.err().contains("must end in .gguf or .dat"), ending.err());
    Files.writeString(home.resolve("i.gguf"), "mine");
    var taken = imatrix("ministral3", "--out", out("i.gguf"));
    assertEquals(Main.FAILED, taken.exitCode());
    assertEquals("mine", Files.readString(home.resolve("i.gguf")));
  }
}
