package io.solebox.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.gguf.GgufWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tensor that an architecture knows, and that the graph of this one file does not read. */
class LeftoverTensorsTest {
  private static final int RANK = 4;

  @TempDir Path folder;

  private ModelFile open(GgufWriter writer) {
    Path path = folder.resolve("model.gguf");
    writer.write(path);
    return ModelFile.open(path, ModelSource.Access.MAPPED);
  }

  private SoleboxException refused(GgufWriter writer) {
    return assertThrows(SoleboxException.class, () -> open(writer).close());
  }

  private static GgufWriter withFactors(String... names) {
    GgufWriter writer = TinyLlama.of("llama");
    for (String name : names) {
      TinyLlama.vector(writer, "rope_factors_" + name + ".weight", 2);
    }
    return writer;
  }

  @ParameterizedTest
  @CsvSource({"short", "long"})
  void halfOfWhatStretchesTheContextRefusesTheFile(String name) {
    SoleboxException error = refused(withFactors(name));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains("1 tensor is of no use"), error.describe());
    assertTrue(error.getMessage().contains("rope_factors_" + name), error.describe());
  }

  @Test
  void bothHalvesAreReadAndFrequenciesBesideThemAreNot() {
    open(withFactors("short", "long")).close();
    GgufWriter all = TinyLlama.vector(withFactors("short", "long"), "rope_freqs.weight", 2);
    assertTrue(refused(all).getMessage().contains("rope_freqs"), refused(all).describe());
  }

  /** One tensor for q, k and v with a bias of its own leaves none to those of the parts. */
  @Test
  void biasesThatAreThereTwiceRefuseTheFile() {
    GgufWriter once = fused();
    TinyLlama.vector(once, "blk.0.attn_q.bias", TinyLlama.WIDTH);
    open(once).close();
    GgufWriter twice = fused();
    TinyLlama.vector(twice, "blk.0.attn_q.bias", TinyLlama.WIDTH);
    TinyLlama.vector(twice, "blk.0.attn_qkv.bias", 3 * TinyLlama.WIDTH);
    assertTrue(refused(twice).getMessage().contains("attn_q.bias"), refused(twice).describe());
  }

  private static GgufWriter fused() {
    return TinyLlama.fused("llama");
  }

  @Test
  void aModelForVectorsNeedsNoLogitsAndSaysSo() {
    GgufWriter writer = TinyLlama.of("llama").put("llama.pooling_type", 1);
    TinyLlama.matrix(writer, "output.weight", TinyLlama.VOCABULARY);
    try (ModelFile file = open(writer)) {
      assertEquals(Optional.of(Pooling.MEAN), file.info().pooling());
      List<String> notes = file.info().notes();
      assertTrue(
          notes.toString().contains("1 tensor is not used: output.weight"), notes.toString());
    }
  }

  /** Without the tensor that scores, the first number of a vector would be taken for a score. */
  @Test
  void aModelThatRanksNeedsWhatScores() {
    GgufWriter writer = TinyLlama.of("llama").put("llama.pooling_type", RANK);
    SoleboxException error = refused(writer);
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.getMessage().contains("cls.output.weight is missing"), error.describe());
    TinyLlama.matrix(writer, "cls.output.weight", 1);
    try (ModelFile file = open(writer)) {
      assertEquals(Optional.of(Pooling.RANK), file.info().pooling());
    }
  }

  @Test
  void aClassifierWithoutLabelsRefusesAnEncoder() {
    GgufWriter writer = TinyBert.of();
    open(writer).close();
    TinyLlama.matrix(writer, "cls.weight", TinyLlama.WIDTH);
    SoleboxException error = refused(writer);
    assertTrue(error.getMessage().contains("cls.weight"), error.describe());
  }
}
