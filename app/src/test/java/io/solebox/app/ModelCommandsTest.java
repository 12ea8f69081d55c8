package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that run models, on synthetic ones. */
class ModelCommandsTest {
  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K",
        "Q4_K_M", "Q2_K", "Q3_K", "IQ4_NL", "IQ4_XS", "MXFP4", "NVFP4", "Q1_0", "Q2_0", "TQ1_0",
        "TQ2_0", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S"
      })
  void everySyntheticFormatGivesFiniteLogits(String type) throws IOException {
    String model = cli().synth(home, "tiny", type);
    Path out = home.resolve("logits");
    var result = cli().run("logits", model, "--ids", "1,300,5", "--out", out.toString());
    assertEquals(0, result.exitCode(), result.err());
    var logits =
        ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    assertEquals(3 * 600, logits.remaining());
    double squares = 0;
    while (logits.hasRemaining()) {
      float x = logits.get();
      assertTrue(Float.isFinite(x));
      squares += (double) x * x;
    }
    double rms = Math.sqrt(squares / (3 * 600));
    assertTrue(rms > 0.3 && rms < 3, type + " has logits of size " + rms);
  }

  @Test
  void formatsWithoutKernelsAreComputedAsOthersAndThatIsSaid() {
    String model = cli().synth(home, "tiny", "IQ1_M");
    String note = "There are no kernels for IQ1_M.";
    var run = cli().run("run", model, "-p", "hello", "-n", "1");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("note: " + note), run.err());
    var inspect = cli().run("inspect", model, "--json").object();
    assertTrue(inspect.get("notes").toString().contains(note), inspect.toString());
  }

  @Test
  void q4KmMixesAsUsual() {
    String model = cli().synth(home, "tiny", "Q4_K_M");
    var fields = cli().run("inspect", model, "--json").object();
    var types = CliRunner.asObject(fields.get("tensor_bytes_by_type"));
    assertTrue(types.keySet().containsAll(List.of("F32", "Q4_K", "Q6_K")), types.toString());
    assertEquals("Q4_K_M", fields.get("format"));
  }

  @Test
  void guessesChangeNoAnswerAndAreCounted() {
    String model = cli().synth(home, "tiny", "Q8_0");
    String[] line = {"run", model, "-p", "la la la la", "-n", "40", "--seed", "1", "--json"};
    var plain = cli().run(line).object();
    assertFalse(plain.containsKey("drafted_tokens"));
    for (String[] guesses :
        new String[][] {
          {"--lookup"}, {"--draft", model}, {"--draft", model, "--draft-tokens", "2"}
        }) {
      var all = Stream.concat(Stream.of(line), Stream.of(guesses)).toArray(String[]::new);
      var guessed = cli().run(all).object();
      assertEquals(plain.get("text"), guessed.get("text"));
      assertTrue(guessed.containsKey("drafted_tokens"), guessed.toString());
      assertTrue(guessed.containsKey("accepted_draft_tokens"), guessed.toString());
    }
    var line2 = cli().run("run", model, "-p", "hello", "-n", "3", "--lookup");
    assertTrue(line2.err().contains("guessed"), line2.err());
  }

  @Test
  void aDraftModelOfAnotherVocabularyIsRefused() {
    String model = cli().synth(home, "tiny", "Q8_0");
    String other = cli().synth(home, "tiny-bpe", "Q8_0");
    var result = cli().run("run", model, "-p", "hello", "--draft", other);
    assertEquals(1, result.exitCode());
    assertEquals("", result.out());
    assertTrue(result.err().startsWith("solebox: --draft tiny-bpe"), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
  }

  @Test
  void benchShowsAnswersWithAndWithoutGuesses() {
    String[] line = {"bench", "--synthetic", "tiny:Q8_0", "--lookup", "-n", "60", "-r", "1"};
    var text = cli().run(line);
    assertEquals(0, text.exitCode(), text.err());
    assertTrue(text.out().contains("answers as recorded"), text.out());
    var rows =
        cli().run(Stream.concat(Stream.of(line), Stream.of("--json")).toArray(String[]::new));
    assertEquals(
        List.of("summary", "code-edit", "story"),
        rows.rows().stream().map(row -> row.get("text")).toList());
    for (var row : rows.rows()) {
      assertEquals(true, row.get("same_answer"));
      assertEquals(60L, ((Number) row.get("new_tokens")).longValue());
      assertTrue(row.keySet().containsAll(List.of("speedup", "drafted_tokens")), row.toString());
    }
  }

  @Test
  void runPrintsTheAnswerAndNumbers() {
    String model = cli().synth(home, "tiny", "Q8_0");
    String[] line = {"run", model, "-p", "hello", "-n", "5", "--temperature", "0"};
    var result = cli().run(line);
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.err().matches("(?s)load .* s \\| prompt .* \\| ended by length\n"));
    var again = cli().stdin("hello").run("run", model, "-n", "5", "--temperature", "0");
    assertEquals(result.out(), again.out(), "the prompt from stdin");
  }

  @Test
  void runAsJson() {
    String model = cli().synth(home, "tiny-bpe", "Q8_0");
    var result = cli().run("run", model, "-p", "hello", "-n", "3", "--seed", "7", "--json");
    var fields = result.object();
    assertEquals("length", fields.get("finish_reason"));
    assertEquals(3L, fields.get("completion_tokens"));
    assertEquals("", result.err());
    var same = cli().run("run", model, "-p", "hello", "-n", "3", "--seed", "7", "--json");
    assertEquals(fields.get("text"), same.object().get("text"));
  }

  @Test
  void aPromptThatDoesNotFitGetsBothCounts() {
    String model = cli().synth(home, "tiny", "Q8_0");
    var result =
        cli().run("run", model, "--raw", "-p", "a b c d e f g h", "--context", "4", "-n", "1");
    assertEquals(1, result.exitCode());
    assertTrue(
        result.err().matches("(?s).*has \\d+ tokens and the context holds 4.*"), result.err());
  }

  @Test
  void chatForgetsAndSaysWhenTheContextIsFull() {
    String model = cli().synth(home, "tiny", "Q8_0");
    String talk = "hello\n/stats\n/help\n/nonsense\n/forget\n/exit\nnot read\n";
    var result = cli().stdin(talk).run("chat", model, "-n", "3");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.err().contains("Forgotten: 2 messages."), result.err());
    assertTrue(result.err().contains("There is no command /nonsense"), result.err());
    var full = cli().stdin("hello\nhello again\n").run("chat", model, "--context", "40");
    assertTrue(full.err().contains("/forget begins anew"), full.err());
    assertTrue(full.err().contains("holds 40"), full.err());
  }

  @Test
  void benchHasItsFieldsForEachBatchSize() {
    String model = cli().synth(home, "tiny", "Q8_0");
    var result =
        cli()
            .run(
                "bench",
                model,
                "-p",
                "8",
                "-n",
                "4",
                "-b",
                "1,2",
                "-r",
                "1",
                "--device",
                "reference",
                "--at",
                "8,12",
                "--json");
    assertEquals(0, result.exitCode(), result.err());
    var rows = result.rows();
    assertEquals(2, rows.size());
    for (Map<String, Object> fields : rows) {
      for (String name :
          List.of(
              "model",
              "format",
              "device",
              "threads",
              "batch",
              "load_seconds",
              "load",
              "prefill_matrix_share",
              "time_to_first_token_seconds",
              "read_bandwidth_bytes_per_second",
              "decode_bandwidth_share",
              "decode_bytes_per_token",
              "resident_bytes")) {
        assertTrue(fields.containsKey(name), name);
      }
      var decode = CliRunner.asObject(fields.get("decode_tokens_per_second"));
      assertEquals(List.of("median", "min", "max", "runs"), List.copyOf(decode.keySet()));
      assertTrue((Double) decode.get("median") > 0);
      assertTrue((Double) fields.get("prefill_flops_per_second") > 0);
      assertEquals(2, assertInstanceOf(List.class, fields.get("decode_at")).size());
    }
  }

  @Test
  void aProfileOfWeightsInMemoryNamesEachKindOfWork() throws IOException {
    Path svg = home.resolve("step.svg");
    var result =
        cli()
            .run(
                "bench",
                "--synthetic",
                "tiny:Q4_K_M",
                "-p",
                "8",
                "-n",
                "4",
                "-r",
                "1",
                "--device",
                "cpu",
                "--at",
                "8,12",
                "--profile",
                "--svg",
                svg.toString(),
                "--json");
    assertEquals(0, result.exitCode(), result.err());
    Map<String, Object> row = result.rows().getFirst();
    assertEquals("synthetic tiny Q4_K_M", row.get("model"));
    assertEquals(2, ((List<?>) row.get("profiles")).size());
    Map<?, ?> profile = (Map<?, ?>) row.get("profile");
    assertTrue((Double) profile.get("step_microseconds") > 0);
    String nodes = profile.get("nodes").toString();
    assertTrue(nodes.contains("ffn_down Q4_K") && nodes.contains("attention"), nodes);
    String drawn = Files.readString(svg);
    assertTrue(drawn.startsWith("<svg ") && drawn.contains("ffn_down Q4_K"), drawn);
  }

  @Test
  void whatSynthesisAndProfileCannotDoIsRefused() {
    assertEquals(2, cli().run("bench", "--synthetic", "14b:Q8_0").exitCode());
    assertEquals(2, cli().run("bench", "--synthetic", "tiny").exitCode());
    assertEquals(2, cli().run("bench", "some.gguf", "--synthetic", "tiny:Q8_0").exitCode());
    assertEquals(2, cli().run("bench", "--svg", "step.svg").exitCode());
    String nowhere = home.resolve("none/step.svg").toString();
    assertEquals(2, cli().run("bench", "--profile", "--svg", nowhere).exitCode());
    String[] reference = {"--synthetic", "tiny:Q8_0", "-p", "4", "-n", "2", "-r", "1"};
    var args = new ArrayList<>(List.of("bench", "--profile", "--device", "reference"));
    args.addAll(List.of(reference));
    var result = cli().run(args.toArray(String[]::new));
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.err().contains("cannot say where a step's time goes"), result.err());
  }

  @Test
  void bandwidthAloneNeedsNoModel() {
    var result = cli().run("bench", "--bandwidth", "--device", "cpu", "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue((Double) result.object().get("read_bandwidth_bytes_per_second") > 1e8);
    assertEquals(2, cli().run("bench", "some.gguf", "--bandwidth").exitCode());
    var none = cli().run("bench", "--bandwidth", "--device", "reference");
    assertTrue(none.out().contains("has no measure"), none.out());
  }

  @Test
  void devicesNameEveryBackend() {
    var rows = cli().run("devices", "--json").rows();
    var names = rows.stream().map(r -> r.get("name")).toList();
    assertTrue(names.containsAll(List.of("cpu", "reference", "cuda")), names.toString());
    assertEquals(1, rows.stream().filter(r -> r.get("chosen").equals(true)).count());
    assertTrue(cli().run("devices").out().contains("cpu: chosen by --device auto"));
  }

  @Test
  void storiesAreToldWordForWord() throws IOException {
    Path model = CliRunner.shared("stories260K/stories260K-f32.gguf");
    String expected =
        Files.readString(CliRunner.shared("stories260K/expected-greedy-200.test_all.txt"));
    var result =
        cli()
            .run(
                "run",
                model.toString(),
                "--raw",
                "-p",
                " Once",
                "-n",
                "100",
                "--temperature",
                "0",
                "--kv-type",
                "f32");
    // The expected text begins with the prompt's BOS; what matters is that the answer goes on in
    // it.
    String answer = result.out().strip();
    assertTrue(expected.contains(answer.substring(0, 60)), answer);
  }
}
