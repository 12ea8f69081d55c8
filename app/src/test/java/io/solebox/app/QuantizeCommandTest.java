package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code quantize}: whole files as llama.cpp makes them, and what is refused. */
class QuantizeCommandTest {
  @TempDir Path home;

  private CliRunner.Result quantize(String... arguments) {
    var all = new ArrayList<>(List.of("quantize"));
    all.addAll(List.of(arguments));
    return new CliRunner(home).run(all.toArray(String[]::new));
  }

  private String out() {
    return home.resolve("out.gguf").toString();
  }

  private String small(String type) {
    return new CliRunner(home).synth(home, "tiny", type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q4_0", "Q8_0", "Q4_K_M", "Q5_K_M", "Q6_K", "IQ4_XS"})
  void filesAreThoseOfLlamaCpp(String type) {
    Path source = CliRunner.shared("quantize/src2.gguf");
    var result = quantize(source.toString(), out(), "--type", type, "--json");
    assertEquals(0, result.exitCode(), result.err());
    Path expected = CliRunner.shared("quantize/src2-" + type + ".gguf");
    try (var theirs = GgufSource.open(expected, ModelSource.Access.MAPPED);
        var ours = GgufSource.open(Path.of(out()), ModelSource.Access.MAPPED)) {
      assertEquals(theirs.tensors(), ours.tensors());
      for (TensorInfo tensor : theirs.tensors()) {
        assertEquals(-1, theirs.data(tensor).mismatch(ours.data(tensor)), tensor.name());
      }
      assertEquals(theirs.metadata().keys(), ours.metadata().keys());
      for (String key : List.of("general.file_type", "general.quantization_version")) {
        assertEquals(theirs.metadata().find(key), ours.metadata().find(key), key);
      }
    }
    assertEquals((long) result.object().get("file_bytes"), Path.of(out()).toFile().length());
    assertFalse(Files.exists(home.resolve("out.gguf.part")));
    assertFalse(Files.exists(home.resolve("out.gguf.part.journal")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gguf", "dat"})
  void importanceIsReadInBothFormats(String ending) {
    Path source = CliRunner.shared("quantize/src2.gguf");
    Path matrix = CliRunner.shared("quantize/src2.imatrix." + ending);
    var result =
        quantize(source.toString(), out(), "--type", "Q4_0", "--imatrix", matrix.toString());
    assertEquals(0, result.exitCode(), result.err());
    try (var ours = GgufSource.open(Path.of(out()), ModelSource.Access.MAPPED)) {
      assertEquals(matrix.toString(), ours.metadata().string("quantize.imatrix.file"));
      assertEquals(14, ours.metadata().intValue("quantize.imatrix.entries_count"));
    }
  }

  @Test
  void dryRunTellsAndWritesNothing() {
    var result = quantize(small("F16"), "--type", "q4_k_m", "--dry-run");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("blk.*.attn_q.weight"), result.out());
    assertTrue(result.out().contains(" bits per weight\n"), result.out());
    assertFalse(Files.exists(Path.of(out())));
    var json = quantize(small("F16"), "--type", "q4_k_m", "--dry-run", "--json").object();
    assertTrue((Double) json.get("bits_per_weight") < 8, json.toString());
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyByForce() throws IOException {
    String model = small("F16");
    Files.writeString(Path.of(out()), "precious");
    var refused = quantize(model, out(), "--type", "Q8_0");
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("there is such a file already"), refused.err());
    assertEquals("precious", Files.readString(Path.of(out())));
    var forced = quantize(model, out(), "--type", "Q8_0", "--force");
    assertEquals(0, forced.exitCode(), forced.err());
    var itself = quantize(model, model, "--type", "Q8_0", "--force");
    assertEquals(1, itself.exitCode());
    assertTrue(itself.err().contains("this is the model itself"), itself.err());
  }

  @Test
  void quantizingAgainIsRefusedWithBothFormats() {
    String model = small("Q8_0");
    var refused = quantize(model, out(), "--type", "Q4_0");
    assertEquals(1, refused.exitCode());
    assertTrue(
        refused.err().contains("is in Q8_0 (8.50 bits per weight) already, and would become Q"),
        refused.err());
    assertTrue(refused.err().contains("--allow-requantize"), refused.err());
    assertFalse(Files.exists(Path.of(out())));
    var allowed = quantize(model, out(), "--type", "Q4_0", "--allow-requantize");
    assertEquals(0, allowed.exitCode(), allowed.err());
    assertTrue(allowed.out().contains("worst: "), allowed.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m out --type Q9",
        "m out",
        "m out --type Q8_0 --threads 0",
        "m out --type Q8_0 --tensor-type attn",
        "m out --type Q8_0 --tensor-type attn(=Q8_0",
        "m out --type Q8_0 --tensor-type attn=Q9",
        "m out --type Q8_0 --output-type Q9",
      })
  void wrongUsageIsSaid(String arguments) {
    var result = quantize(arguments.split(" "));
    assertEquals(2, result.exitCode(), result.err());
  }

  @Test
  void whatIsNotInTheStoreNeedsADestination() {
    var result = quantize(small("F16"), "--type", "Q8_0");
    assertEquals(2, result.exitCode(), result.err());
    assertTrue(result.err().contains("OUT.gguf"), result.err());
  }

  @Test
  void aFormatThatIsOnlyReadIsRefused() {
    var result = quantize(small("F16"), out(), "--type", "Q4_0", "--tensor-type", "attn_v=IQ2_XXS");
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("does not write"), result.err());
  }

  @Test
  void formatsOfFewBitsAreChosenByTensor() {
    var made =
        quantize(
            small("F16"),
            out(),
            "--type",
            "Q8_0",
            "--tensor-type",
            "attn_q=TQ1_0",
            "--tensor-type",
            "attn_k=TQ2_0",
            "--tensor-type",
            "ffn_up=MXFP4",
            "--json");
    assertEquals(0, made.exitCode(), made.err());
    for (String type : List.of("TQ1_0", "TQ2_0", "MXFP4")) {
      assertTrue(made.out().contains("\"to\":\"" + type + "\""), made.out());
    }
    var blind =
        quantize(
            small("F16"),
            home.resolve("blind.gguf").toString(),
            "--type",
            "Q8_0",
            "--tensor-type",
            "attn_q=IQ3_XXS");
    assertEquals(1, blind.exitCode(), blind.err());
    assertTrue(blind.err().contains("IQ3_XXS needs to know which weights matter"), blind.err());
  }

  @Test
  void aFolderBecomesWhatItsConversionBecomes() {
    String folder = CliRunner.shared("arch/qwen2/hf").toString();
    String converted = home.resolve("f32.gguf").toString();
    String both = home.resolve("both.gguf").toString();
    var cli = new CliRunner(home);
    assertEquals(0, cli.run("convert", folder, converted, "--type", "f32").exitCode());
    assertEquals(0, quantize(converted, both, "--type", "Q4_K_M").exitCode());
    var result = quantize(folder, out(), "--type", "Q4_K_M");
    assertEquals(0, result.exitCode(), result.err());
    try (var theirs = GgufSource.open(Path.of(both), ModelSource.Access.MAPPED);
        var ours = GgufSource.open(Path.of(out()), ModelSource.Access.MAPPED)) {
      assertEquals(theirs.tensors(), ours.tensors());
      for (TensorInfo tensor : theirs.tensors()) {
        assertEquals(-1, theirs.data(tensor).mismatch(ours.data(tensor)), tensor.name());
      }
      assertEquals(
          theirs.metadata().keys().stream().sorted().toList(),
          ours.metadata().keys().stream().sorted().toList());
    }
  }
}
