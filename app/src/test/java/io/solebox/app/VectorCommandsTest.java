package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands for models that give vectors and scores, on reference models. */
class VectorCommandsTest {
  private static final Path REFERENCES =
      Path.of("..", "engine-testkit", "src", "test", "reference");

  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  private static String reference(String name) {
    return REFERENCES.resolve(name).resolve(name + "-f32.gguf").toString();
  }

  private static double length(List<?> vector) {
    double squares = 0;
    for (Object x : vector) {
      squares += ((Number) x).doubleValue() * ((Number) x).doubleValue();
    }
    return Math.sqrt(squares);
  }

  @Test
  void aTextBecomesAVectorOfLengthOneAndAFileALineEach() throws IOException {
    String model = reference("modern-bert");
    var one = cli().run("embed", model, "-p", "a text");
    assertEquals(0, one.exitCode(), one.err());
    assertEquals(1, length((List<?>) one.value()), 1e-5);
    Path file = Files.writeString(home.resolve("texts"), "a text\nanother\n");
    var two = cli().run("embed", model, "--file", file.toString());
    assertEquals(one.out(), two.out().lines().findFirst().orElseThrow() + "\n");
    assertEquals(2, two.out().lines().count());
    var raw = cli().run("embed", model, "-p", "a text", "--no-normalize");
    assertTrue(Math.abs(length((List<?>) raw.value()) - 1) > 1e-3, raw.out());
  }

  @Test
  void manyLinesAreComputedTogetherAndGiveWhatEachGivesAlone() throws IOException {
    for (String model : List.of(reference("modern-bert"), cli().synth(home, "tiny", "Q8_0"))) {
      var lines = new StringBuilder();
      for (int i = 0; i < 70; i++) {
        lines.append("some text ".repeat(1 + i % 9)).append(i).append('\n');
      }
      Path file = Files.writeString(home.resolve("many"), lines);
      var together = cli().run("embed", model, "--file", file.toString());
      assertEquals(0, together.exitCode(), together.err());
      assertEquals(70, together.out().lines().count());
      for (int i : new int[] {0, 31, 69}) {
        var alone = cli().run("embed", model, "-p", lines.toString().lines().toList().get(i));
        assertEquals(alone.out().strip(), together.out().lines().toList().get(i));
      }
    }
  }

  @Test
  void aLineThatIsTooLongIsNamedAndNothingIsCut() throws IOException {
    Path file = Files.writeString(home.resolve("long"), "a\n" + "word ".repeat(200) + "\n");
    var result =
        cli().run("embed", reference("modern-bert"), "--file", file.toString(), "--context", "64");
    assertEquals(1, result.exitCode());
    assertEquals("", result.out());
    assertTrue(result.err().contains("long, line 2: The text has"), result.err());
  }

  @Test
  void everyTokensVectorIsHadAsRawNumbers() throws IOException {
    Path out = home.resolve("vectors");
    var result =
        cli()
            .run(
                "embed",
                reference("modern-bert"),
                "--ids",
                "5,6,7",
                "--pooling",
                "none",
                "--out",
                out.toString());
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.err().contains("f32 [3, 32]"), result.err());
    assertEquals(3 * 32 * Float.BYTES, Files.size(out));
  }

  @Test
  void aModelForAnswersGivesVectorsWithANote() {
    String model = cli().synth(home, "tiny", "Q8_0");
    var result = cli().run("embed", model, "-p", "hello");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.err().contains("note: The model is made for answers"), result.err());
    assertEquals(256, ((List<?>) result.value()).size());
  }

  @Test
  void textsAreRankedTheBestFirst() throws IOException {
    Path file = Files.writeString(home.resolve("texts"), "one\ntwo three\nfour\n");
    for (String name : List.of("bert-reranker", "qwen3-reranker")) {
      var result =
          cli().run("rerank", reference(name), "-q", "what", "--file", file.toString(), "--json");
      assertEquals(0, result.exitCode(), result.err());
      List<?> ranked = (List<?>) result.value();
      assertEquals(3, ranked.size());
      double before = Double.POSITIVE_INFINITY;
      for (Object one : ranked) {
        double score = ((Number) CliRunner.asObject(one).get("score")).doubleValue();
        assertTrue(score <= before, result.out());
        before = score;
      }
    }
  }

  @Test
  void whatAModelCannotGiveIsRefusedWithWhatCan() throws IOException {
    Path file = Files.writeString(home.resolve("texts"), "");
    var rank = cli().run("rerank", reference("modern-bert"), "-q", "q", "--file", file.toString());
    assertEquals(1, rank.exitCode());
    assertTrue(rank.err().contains("no classifier"), rank.err());
    var vector = cli().run("embed", reference("bert-reranker"), "-p", "a");
    assertEquals(1, vector.exitCode());
    assertTrue(vector.err().contains("solebox rerank"), vector.err());
    var answer = cli().run("run", reference("modern-bert"), "-p", "a");
    assertEquals(1, answer.exitCode());
    assertTrue(answer.err().contains("makes embeddings"), answer.err());
    var longer = cli().run("embed", reference("bert-reranker"), "-p", "a", "--context", "100000");
    assertEquals(1, longer.exitCode());
    assertTrue(longer.err().contains("--context"), longer.err());
  }

  /** What answers is refused at once, with the command that the model is for. */
  @ParameterizedTest
  @CsvSource({
    "modern-bert, solebox embed MODEL",
    "jina-bert-v2, solebox embed MODEL",
    "bert-reranker, solebox rerank MODEL"
  })
  void commandsForAnswersNameTheOneThatFits(String name, String command) {
    String model = reference(name);
    String out = home.resolve("logits").toString();
    for (var result :
        List.of(
            cli().run("run", model, "-p", "a", "-n", "1"),
            cli().stdin("hello\n").run("chat", model),
            cli().run("bench", model, "-p", "4", "-n", "4"),
            cli().run("logits", model, "--ids", "5,6", "--out", out))) {
      assertEquals(1, result.exitCode(), result.out());
      assertTrue(result.err().contains(command), result.err());
      assertTrue(result.err().contains(Path.of(model).getFileName().toString()), result.err());
      assertFalse(result.err().contains("note: the model file has no chat template"), result.err());
    }
    assertFalse(Files.exists(Path.of(out)));
  }

  @Test
  void tokensOfModelsForVectorsAreShown() {
    for (String name : List.of("modern-bert", "bert-reranker")) {
      var result = cli().run("tokenize", reference(name), "-p", "hello");
      assertEquals(0, result.exitCode(), result.err());
      assertFalse(((List<?>) result.value()).isEmpty());
    }
  }

  @Test
  void inspectShowsThePoolingAndTheLabels() {
    var encoder = cli().run("inspect", reference("jina-bert-v2"), "--json");
    assertEquals(0, encoder.exitCode(), encoder.err());
    assertEquals("mean", encoder.object().get("pooling"));
    assertFalse(encoder.object().containsKey("labels"));
    var text = cli().run("inspect", reference("bert-reranker"));
    assertTrue(text.out().contains("\npooling: rank\n"), text.out());
    assertTrue(text.out().contains("\nlabels: [LABEL_0]\n"), text.out());
    var named = cli().run("inspect", reference("qwen3-reranker"), "--json");
    assertEquals(List.of("yes", "no"), named.object().get("labels"));
    String tiny = cli().synth(home, "tiny", "Q8_0");
    var answering = cli().run("inspect", tiny, "--json");
    assertFalse(answering.object().containsKey("pooling"));
    assertFalse(answering.object().containsKey("labels"));
  }
}
