package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.testkit.hub.FakeHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a repository without a file that fits to one that was made here. */
@Timeout(120)
class FitCommandTest {
  private static final String COMMIT = "d".repeat(40);

  @TempDir static Path models;
  private static FakeHub hub;
  private static byte[] machine;

  @TempDir Path home;
  private CliRunner cli;

  @BeforeAll
  static void publish() throws IOException {
    var maker = new CliRunner(models);
    byte[] f16 = Files.readAllBytes(Path.of(maker.synth(models, "tiny", "F16")));
    byte[] q8 = Files.readAllBytes(Path.of(maker.synth(models, "tiny", "Q8_0")));
    byte[] q4 = Files.readAllBytes(Path.of(maker.synth(models, "tiny", "Q4_0")));
    hub =
        new FakeHub()
            .commit("u/f16", "main", COMMIT, Map.of("m-F16.gguf", f16))
            .commit("u/both", "main", COMMIT, Map.of("m-F16.gguf", f16, "m-Q8_0.gguf", q8))
            .commit("u/q4", "main", COMMIT, Map.of("m-Q4_0.gguf", q4))
            .commit("u/folder", "main", COMMIT, folder("phi3-window"))
            .commit("u/codes", "main", COMMIT, folder("gptq"));
    var first = maker.with("HF_ENDPOINT", hub.uri().toString());
    assertEquals(0, first.run("pull", "hf.co/u/q4", "--dry-run").exitCode());
    machine = Files.readAllBytes(models.resolve("machine.json"));
  }

  /** A repository as its model's makers publish it, with files that do not belong to the model. */
  private static Map<String, byte[]> folder(String model) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    Path folder = Path.of("../engine-testkit/src/test/reference", model, "hf");
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    // GGUF has words for a tokenizer that has one for what its vocabulary lacks.
    String tokenizer =
        new String(files.get("tokenizer.json"), StandardCharsets.UTF_8)
            .replaceFirst("\"type\": ?\"BPE\"", "\"type\":\"BPE\",\"unk_token\":\"<unk>\"");
    files.put("tokenizer.json", tokenizer.getBytes(StandardCharsets.UTF_8));
    files.put("README.md", "A model.".getBytes());
    files.put("LICENSE", "Do what you like.".getBytes());
    files.put("consolidated.safetensors", files.get("model.safetensors"));
    files.put("onnx/model.safetensors", files.get("model.safetensors"));
    return files;
  }

  @AfterAll
  static void close() {
    hub.close();
  }

  @BeforeEach
  void open() throws IOException {
    Files.write(home.resolve("machine.json"), machine);
    cli = new CliRunner(home).with("HF_ENDPOINT", hub.uri().toString());
  }

  private CliRunner.Result pull(String... arguments) {
    var all = Stream.concat(Stream.of("pull"), Stream.of(arguments)).toArray(String[]::new);
    var result = cli.run(all);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private Map<String, Object> plan(String... arguments) {
    var all = Stream.concat(Stream.of(arguments), Stream.of("--dry-run", "--json"));
    String out = pull(all.toArray(String[]::new)).out();
    return CliRunner.asObject(CliRunner.json(out.lines().toList().getLast()));
  }

  /** Between what the file in F16 needs, and the smallest that is made of it. */
  private String tooLittleForF16() {
    long needed = (long) plan("hf.co/u/f16").get("needed_bytes");
    return Long.toString(needed - 1);
  }

  private List<String> names() {
    return cli.run("models", "ls", "--json").rows().stream()
        .map(row -> row.get("name").toString())
        .toList();
  }

  @Test
  void makesWhatFitsAndRunsIt() {
    var pulled = pull("hf.co/u/f16", "--fit", "--memory", tooLittleForF16());
    assertTrue(pulled.out().contains("model: u/f16:Q4_K_M\n"), pulled.out());
    assertTrue(pulled.out().contains("afterwards: F16 is removed"), pulled.out());
    assertTrue(pulled.out().endsWith("pulled: u/f16:Q4_K_M\n"), pulled.out());
    assertEquals(List.of("u/f16:Q4_K_M"), names());
    var shown = cli.run("models", "show", "u/f16:Q4_K_M").out();
    assertTrue(shown.contains("io.solebox.made-from: u/f16:F16@sha256:"), shown);
    assertTrue(shown.contains(COMMIT), shown);
    var ran = cli.run("run", "u/f16:Q4_K_M", "-p", "Hello", "-n", "2", "--device", "cpu");
    assertEquals(0, ran.exitCode(), ran.err());
    var again = pull("hf.co/u/f16", "--fit", "--memory", tooLittleForF16());
    assertTrue(again.out().contains("to fetch: nothing"), again.out());
  }

  @Test
  void planSaysTheExactSizeBeforeAnythingIsFetched() throws IOException {
    var plan = plan("hf.co/u/both:Q5_K_M", "--fit");
    var fit = CliRunner.asObject(plan.get("fit"));
    assertEquals("Q8_0", plan.get("quantization")); // the smallest that is nearly as published
    assertEquals("u/both:Q5_K_M", plan.get("model"));
    assertFalse(Files.exists(home.resolve("store")));
    pull("hf.co/u/both:Q5_K_M", "--fit", "--keep-source");
    assertEquals(List.of("u/both:Q5_K_M", "u/both:Q8_0"), names());
    var made = cli.run("models", "show", "u/both:Q5_K_M", "--json").object();
    var file = CliRunner.asObject(((List<?>) made.get("files")).getFirst());
    assertEquals(fit.get("bytes"), file.get("bytes"));
  }

  @Test
  void leavesASourceThatWasThereBefore() {
    pull("hf.co/u/f16:F16");
    pull("hf.co/u/f16:Q6_K", "--fit");
    assertEquals(List.of("u/f16:F16", "u/f16:Q6_K"), names());
  }

  @Test
  void goesOnWithASourceThatIsHereAlready() {
    pull("hf.co/u/f16:Q6_K", "--fit", "--keep-source");
    cli.run("models", "rm", "u/f16:Q6_K"); // as if it had been ended before it was made
    int before = hub.store.requests().size();
    var again = pull("hf.co/u/f16:Q6_K", "--fit");
    assertTrue(again.out().contains("to fetch: nothing"), again.out());
    assertEquals(List.of("u/f16:Q6_K"), names());
    assertTrue(hub.store.requests().size() - before < 10);
  }

  @Test
  void aFolderOfSafetensorsIsPulledAndRuns() {
    var plan = plan("hf.co/u/folder");
    assertEquals("u/folder:safetensors", plan.get("model"));
    assertEquals("phi3", plan.get("architecture"), plan::toString);
    assertTrue((long) plan.get("needed_bytes") > 0, plan::toString);
    pull("hf.co/u/folder");
    assertEquals(List.of("u/folder:safetensors"), names());
    var shown = cli.run("models", "show", "u/folder", "--json").out();
    assertTrue(shown.contains("LICENSE") && shown.contains("tokenizer.json"), shown);
    assertFalse(shown.contains("README") || shown.contains("consolidated"), shown);
    var answer = cli.run("run", "u/folder", "--raw", "-p", "abc", "-n", "2");
    assertEquals(0, answer.exitCode(), answer.err());
    assertEquals(0, cli.run("models", "verify").exitCode());
  }

  @Test
  void aFileIsMadeOfAFolderOfSafetensors() {
    String needed = plan("hf.co/u/folder").get("needed_bytes").toString();
    String less = Long.toString(Long.parseLong(needed) - 1);
    pull("hf.co/u/folder", "--fit", "--memory", less);
    pull("hf.co/u/folder:Q6_K", "--fit");
    assertEquals(List.of("u/folder:Q4_K_M", "u/folder:Q6_K"), names());
    var answer = cli.run("run", "u/folder:Q6_K", "--raw", "-p", "abc", "-n", "2");
    assertEquals(0, answer.exitCode(), answer.err());
    var codes = cli.run("pull", "hf.co/u/codes:Q2_K", "--fit");
    assertTrue(codes.err().contains("stored as codes"), codes.err());
  }

  @Test
  void takesAFileOfTheSourceWhereOneFits() {
    var plan = plan("hf.co/u/both", "--fit");
    assertFalse(plan.containsKey("fit"));
    assertEquals("u/both:Q8_0", plan.get("model"));
  }

  @Test
  void refusesWhatItCannotMake() {
    var twice = cli.run("pull", "hf.co/u/q4:Q2_K", "--fit");
    assertTrue(twice.err().contains("rounded twice"), twice.err());
    var word = cli.run("pull", "hf.co/u/f16:Q9", "--fit");
    assertTrue(word.err().contains("There are: F16"), word.err());
    var tiny = cli.run("pull", "hf.co/u/f16", "--fit", "--memory", "1000");
    assertTrue(tiny.err().contains("[out_of_memory]"), tiny.err());
    var elsewhere = cli.run("pull", "llama3.2:1b", "--fit", "--offline");
    assertEquals(1, elsewhere.exitCode());
    assertEquals(2, cli.run("pull", "u/f16", "--keep-source").exitCode());
    assertEquals(2, cli.run("pull", "u/f16", "--memory", "much").exitCode());
    assertFalse(Files.exists(home.resolve("store")));
  }
}
