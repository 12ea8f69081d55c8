package io.solebox.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.gguf.GgufWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file says about YaRN, as transformers computes it. */
class RopeKeysTest {
  private static final String SCALING = "llama.rope.scaling.";

  @TempDir Path folder;

  private static GgufWriter yarn() {
    return TinyLlama.of("llama")
        .put(SCALING + "type", "yarn")
        .put(SCALING + "factor", 4f)
        .put(SCALING + "original_context_length", 64);
  }

  private Rotation rotation(GgufWriter writer) {
    Path path = folder.resolve("model.gguf");
    writer.write(path);
    try (ModelFile file = ModelFile.open(path, ModelSource.Access.MAPPED)) {
      return file.graph().ops().stream()
          .filter(Op.Rope.class::isInstance)
          .map(op -> ((Op.Rope) op).rotation())
          .findFirst()
          .orElseThrow();
    }
  }

  /** Both pairs turn less than 32 times within 64 tokens; the second one less than once. */
  @Test
  void fastPairsStayAndSlowOnesAreDivided() {
    float[] found = rotation(yarn()).inverseFrequencies();
    // pairOf(32) = 4 ln(64 / 64 pi) / (2 ln 10000) < 0, pairOf(1) = 0.504: a ramp from 0 to 1
    assertEquals(1, found[0], 1e-6);
    assertEquals(0.01 / 4, found[1], 1e-8);
  }

  @Test
  void sinesGrowWithTheContextUnlessTheFileSaysHowMuch() {
    assertEquals(1 + 0.1 * Math.log(4), rotation(yarn()).magnitude(), 1e-6);
    assertEquals(0.7f, rotation(yarn().put(SCALING + "yarn_attn_factor", 0.7f)).magnitude());
    assertEquals(1, rotation(yarn().put(SCALING + "yarn_log_multiplier", 1f)).magnitude(), 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "yarn_ext_factor, 0.5, UNSUPPORTED_MODEL",
    "yarn_ext_factor, 0, UNSUPPORTED_MODEL",
    "yarn_attn_factor, 0, BAD_MODEL_FILE",
    "yarn_attn_factor, NaN, BAD_MODEL_FILE"
  })
  void whatIsNotComputedIsRefused(String name, float value, ErrorCode code) {
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> rotation(yarn().put(SCALING + name, value)));
    assertEquals(code, error.code());
    assertTrue(error.place().contains(name), error.describe());
  }

  @ParameterizedTest
  @CsvSource({"1", "-1"})
  void theUsualMixtureIsComputed(float value) {
    float[] usual = rotation(yarn()).inverseFrequencies();
    float[] said = rotation(yarn().put(SCALING + "yarn_ext_factor", value)).inverseFrequencies();
    assertEquals(usual[1], said[1]);
  }
}
