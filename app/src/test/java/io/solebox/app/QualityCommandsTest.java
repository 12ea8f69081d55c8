package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code perplexity} and {@code compare}, on synthetic and reference models. */
class QualityCommandsTest {
  private static final Path REFERENCES =
      Path.of("..", "engine-testkit", "src", "test", "reference");

  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  private static String reference(String name) {
    return REFERENCES.resolve(name).resolve(name + "-f32.gguf").toString();
  }

  private String text(int words) throws IOException {
    Path file = home.resolve("text" + words);
    Files.writeString(file, "the same few words and others, ".repeat(words / 6 + 1));
    return file.toString();
  }

  private CliRunner.Result compare(String... arguments) {
    var all = new ArrayList<>(List.of("compare"));
    all.addAll(List.of(arguments));
    return cli().run(all.toArray(String[]::new));
  }

  private static double number(Map<String, Object> fields, String name) {
    return ((Number) fields.get(name)).doubleValue();
  }

  private static double value(Map<String, Object> fields, String name) {
    return number(CliRunner.asObject(fields.get(name)), "value");
  }

  @Test
  void perplexityIsToldAndDrawn() throws IOException {
    Path svg = home.resolve("p.svg");
    String model = reference("llama-yarn");
    var said = cli().run("perplexity", model, "--file", text(300), "--context", "64");
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().startsWith("perplexity     "), said.out());
    assertTrue(said.out().contains(" ± "), said.out());
    assertTrue(said.out().contains("bits per byte  "), said.out());
    assertTrue(said.err().contains("the last 31 of 64 tokens in each of"), said.err());
    var json =
        cli()
            .run(
                "perplexity",
                model,
                "--file",
                text(300),
                "--context",
                "64",
                "--stride",
                "16",
                "--chunks",
                "5",
                "--svg",
                svg.toString(),
                "--json");
    var fields = json.object();
    assertEquals(5L, fields.get("chunks"));
    assertEquals(80L, fields.get("scored_tokens"));
    assertEquals(Math.exp(number(fields, "nats_per_token")), number(fields, "perplexity"), 1e-6);
    assertEquals(
        80 * number(fields, "nats_per_token") / Math.log(2) / number(fields, "scored_bytes"),
        number(fields, "bits_per_byte"),
        1e-9);
    assertTrue(Files.readString(svg).contains("<path class='line'"));
  }

  @Test
  void oneFileOnTwoDevicesIsTheSame() throws IOException {
    String model = reference("gemma");
    var result =
        compare(
            model,
            model,
            "--device",
            "cpu",
            "--device-b",
            "reference",
            "--kv-type",
            "f32",
            "--file",
            text(200),
            "--context",
            "64",
            "--json");
    assertEquals(0, result.exitCode(), result.err());
    var fields = result.object();
    assertTrue(((String) fields.get("device_b")).contains("reference"), result.out());
    var divergence = CliRunner.asObject(fields.get("kl_divergence_nats"));
    assertTrue(number(divergence, "maximum") < 1e-6, result.out());
    assertEquals(1, value(fields, "top1_agreement"), 0.02);
    assertEquals(1, value(fields, "perplexity_ratio"), 1e-4);
  }

  @Test
  void oneAfterTheOtherGivesTheSameFigures() throws IOException {
    String a = cli().synth(home, "tiny-bpe", "F32");
    String b = cli().synth(home, "tiny-bpe", "Q4_K_M");
    Path svg = home.resolve("c.svg");
    String[] options = {"--file", text(300), "--context", "32", "--svg", svg.toString()};
    var together = compare(join(options, a, b));
    assertEquals(0, together.exitCode(), together.err());
    assertTrue(together.out().contains("KL divergence  "), together.out());
    assertTrue(Files.readString(svg).contains("mean KL divergence"));
    var apart = compare(join(options, a, b, "--one-at-a-time"));
    assertEquals(together.out(), apart.out());
    assertTrue(apart.err().contains("one after the other"), apart.err());
  }

  private static String[] join(String[] options, String... before) {
    var all = new ArrayList<>(List.of(before));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  @Test
  void otherVocabulariesAreRefusedWithTheFirstDifference() throws IOException {
    String a = cli().synth(home, "tiny", "Q8_0");
    String b = cli().synth(home, "tiny-bpe", "Q8_0");
    var result = compare(a, b, "--file", text(10));
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("Their vocabularies differ: in the second "), result.err());
    assertTrue(result.err().contains("bits per byte"), result.err());
  }

  @Test
  void whatCannotBeScoredIsAnError() throws IOException {
    Path empty = Files.writeString(home.resolve("empty"), "");
    String model = reference("llama-yarn");
    for (var result :
        List.of(
            cli().run("perplexity", model, "--file", empty.toString()),
            compare(model, model, "--file", empty.toString()))) {
      assertEquals(1, result.exitCode());
      assertTrue(result.err().contains("too few tokens"), result.err());
    }
    String encoder = reference("modern-bert");
    for (var result :
        List.of(
            cli().run("perplexity", encoder, "--file", text(30)),
            compare(encoder, encoder, "--file", text(30)))) {
      assertEquals(1, result.exitCode());
      assertTrue(result.err().contains("it has no logits"), result.err());
      assertTrue(result.err().contains("solebox embed"), result.err());
    }
    var absent = cli().run("perplexity", model, "--file", "nosuch");
    assertEquals(1, absent.exitCode());
    assertTrue(absent.err().contains("no such file"), absent.err());
  }

  private CliRunner.Result quality(String source, String... arguments) {
    var all = new ArrayList<>(List.of("models", "quality", "--source", source));
    all.addAll(List.of(arguments));
    return cli().run(all.toArray(String[]::new));
  }

  private String quantized(String type) {
    Path file = home.resolve(type + ".gguf");
    var made = cli().run("quantize", reference("gemma"), file.toString(), "--type", type);
    assertEquals(0, made.exitCode(), made.err());
    return file.toString();
  }

  /** The fewer the bits, the further from the source. */
  @Test
  void quantizedModelsAreHeldAgainstTheirSource() throws IOException {
    String source = reference("gemma");
    String fine = quantized("Q8_0");
    String coarse = quantized("Q4_0");
    Path svg = home.resolve("q.svg");
    String[] options = {"--file", text(300), "--context", "64", "--chunks", "4"};
    var said = quality(source, join(options, fine, coarse, "--svg", svg.toString()));
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().startsWith("source: gemma-f32, "), said.out());
    assertTrue(said.out().contains("32.00 bits per weight, perplexity "), said.out());
    assertTrue(said.out().contains("KL by tokens, sorted"), said.out());
    assertTrue(said.err().contains("scored: 124 of "), said.err());
    String drawn = Files.readString(svg);
    assertTrue(drawn.contains(">Q4_0</text>") && drawn.contains("<circle"), drawn);

    var fields = quality(source, join(options, fine, coarse, "--json")).object();
    List<?> models = (List<?>) fields.get("models");
    var first = CliRunner.asObject(models.get(0));
    var second = CliRunner.asObject(models.get(1));
    assertEquals("Q8_0", first.get("model"));
    assertTrue(mean(first) < mean(second), fields.toString());
    assertTrue(number(first, "bits_per_weight") > number(second, "bits_per_weight"));
    assertEquals(
        value(fields, "source_perplexity") * value(first, "perplexity_ratio"),
        value(first, "perplexity_b"),
        1e-6);
  }

  /** In the store it is known what a model was quantized from, until that is another one. */
  @Test
  void theStoreKnowsTheSource() throws IOException {
    var cli = cli();
    assertEquals(0, cli.run("models", "import", reference("gemma"), "--name", "g:F32").exitCode());
    assertEquals(0, cli.run("quantize", "g:F32", "--type", "Q8_0").exitCode());
    String[] asked = {
      "models", "quality", "g:Q8_0", "--file", text(100), "--context", "32", "--json"
    };
    var said = cli.run(asked);
    assertEquals(0, said.exitCode(), said.err());
    var source = CliRunner.asObject(said.object().get("source"));
    assertEquals("gemma-f32", source.get("model"));
    assertEquals(0, cli.run("models", "rm", "g:F32").exitCode());
    var gone = cli.run(asked);
    assertEquals(2, gone.exitCode());
    assertTrue(gone.err().contains("--source: what g:Q8_0 was made of is not known"), gone.err());
  }

  private static double mean(Map<String, Object> model) {
    return number(CliRunner.asObject(model.get("kl_divergence_nats")), "mean");
  }

  /** A drawing of one model, and of one that is the source itself. */
  @Test
  void aModelIsNowhereFromItself() throws IOException {
    String source = reference("gemma");
    Path svg = home.resolve("q.svg");
    var said =
        quality(source, source, "--file", text(100), "--context", "32", "--svg", svg.toString());
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().contains("100.00"), said.out());
    assertTrue(said.out().contains("▁▁▁▁"), said.out());
    assertTrue(!Files.readString(svg).contains("<circle"));
  }

  @Test
  void anotherModelIsNoQuantizationOfIt() {
    String other = cli().synth(home, "tiny-bpe", "Q8_0");
    var result = quality(reference("gemma"), other);
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("Their vocabularies differ"), result.err());
    assertEquals(2, cli().run("models", "quality", other).exitCode());
  }

  /** Without a text, Solebox's own, which no importance matrix is made of. */
  @Test
  void aTextComesAlong() {
    var said = cli().run("perplexity", reference("llama-yarn"), "--chunks", "1");
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.err().contains("of Solebox's evaluation.txt, "), said.err());
  }
}
