package io.solebox.app.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Perplexities against the logits that transformers computed of the same models and ids. */
class PerplexityTest {
  private static final Path REFERENCES =
      Path.of("..", "engine-testkit", "src", "test", "reference");

  /** A prompt of a reference model, and the logits behind some of its ids. */
  private record Prompt(int[] ids, List<Integer> positions, FloatBuffer logits, int vocab) {
    static Prompt read(String model, String name) throws IOException {
      Path folder = REFERENCES.resolve(model);
      var manifest =
          new JsonReader(JsonLimits.LOCAL)
              .readObject(Files.readAllBytes(folder.resolve("manifest.json")));
      Map<?, ?> prompt = (Map<?, ?>) ((Map<?, ?>) manifest.get("prompts")).get(name);
      Map<?, ?> rows = (Map<?, ?>) prompt.get("logits");
      byte[] bytes = Files.readAllBytes(folder.resolve((String) rows.get("file")));
      return new Prompt(
          numbers(prompt.get("ids")).stream().mapToInt(i -> i).toArray(),
          numbers(rows.get("positions")),
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(),
          numbers(rows.get("shape")).getLast());
    }

    private static List<Integer> numbers(Object list) {
      return ((List<?>) list).stream().map(n -> ((Long) n).intValue()).toList();
    }

    /** {@code -ln p} of the id at {@code place}, from the row before it. */
    double surprise(int place) {
      int row = positions.indexOf(place - 1);
      assertTrue(row >= 0, "there is no row for " + place);
      double sum = 0;
      for (int i = 0; i < vocab; i++) {
        sum += Math.exp(logits.get(row * vocab + i));
      }
      return Math.log(sum) - logits.get(row * vocab + ids[place]);
    }
  }

  private static LoadedModel load(Engine engine, String model) {
    return engine.load(
        REFERENCES.resolve(model).resolve(model + "-f32.gguf"),
        LoadOptions.defaults().withKvType(KvType.F32),
        Progress.none());
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-yarn", "gemma", "olmoe", "mamba2", "glm4"})
  void isThatOfTransformers(String name) throws Exception {
    Prompt seven = Prompt.read(name, "p7");
    Prompt long300 = Prompt.read(name, "p300");
    try (var engine = Engine.open("cpu", 2);
        var model = load(engine, name)) {
      var perplexity = new Perplexity();
      perplexity.add(model, new Chunks.Chunk(seven.ids(), 1));
      perplexity.add(model, new Chunks.Chunk(long300.ids(), 295));
      double sum = 0;
      double squares = 0;
      long bytes = 0;
      for (Prompt prompt : List.of(seven, long300)) {
        for (int place = prompt == seven ? 1 : 295; place < prompt.ids().length; place++) {
          sum += prompt.surprise(place);
          squares += prompt.surprise(place) * prompt.surprise(place);
          bytes += model.tokenizer().tokenBytes(prompt.ids()[place]).length;
        }
      }
      int n = 6 + 5;
      double mean = sum / n;
      assertEquals(n, perplexity.scored());
      assertEquals(mean, perplexity.meanSurprise(), 1e-3);
      assertEquals(Math.exp(mean), perplexity.value(), 1e-3 * Math.exp(mean));
      // As llama.cpp has it: of the mean, with n - 1.
      double error = Math.sqrt((squares / n - mean * mean) / (n - 1));
      assertEquals(Math.exp(mean) * error, perplexity.standardError(), 2e-3 * Math.exp(mean));
      assertEquals(sum / Math.log(2) / bytes, perplexity.bitsPerByte(), 1e-3);
      assertEquals(2, perplexity.curve().points().size());
    }
  }

  @Test
  void aTokenWithoutProbabilityIsAnError() {
    for (double logprob : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      var refused =
          assertThrows(SoleboxException.class, () -> Perplexity.requireFinite(logprob, 3));
      assertEquals(ErrorCode.NON_FINITE, refused.code());
    }
  }
}
