package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The model that was made gives the vectors that ONNX Runtime computes from the weights it was made
 * of ({@code models/minilm/truth}). Skipped where the build has not made it.
 */
class MinilmTest {
  private static final Path TRUTH = Path.of("..", "models", "minilm", "truth");
  private static final Path MODEL = Path.of("..", "models", "minilm", "target", "minilm.gguf");
  private static final int WIDTH = 384;
  private static final double LEAST_COSINE = 0.9999;

  /** So many texts at the beginning are odd ones; of the others each of so many is taken. */
  private static final int ODD = 25;

  private static final int SAMPLE = 10;

  private static Engine engine;
  private static LoadedModel model;

  @BeforeAll
  static void load() {
    Assumptions.assumeTrue(
        Files.exists(MODEL),
        "SKIPPED: there is no "
            + MODEL.toAbsolutePath().normalize()
            + "; scripts/minilm.sh makes it");
    engine = Engine.open("cpu", Runtime.getRuntime().availableProcessors());
    model = engine.load(MODEL, LoadOptions.defaults().withKvType(KvType.F32), Progress.none());
  }

  @AfterAll
  static void close() {
    if (engine != null) {
      model.close();
      engine.close();
    }
  }

  private static List<String> texts() throws IOException {
    return List.of(Files.readString(TRUTH.resolve("texts.txt")).split("\n"));
  }

  /** f32 [500, 384], each of length 1. */
  private static float[][] truth() throws IOException {
    ByteBuffer halves =
        ByteBuffer.wrap(Files.readAllBytes(TRUTH.resolve("vectors.f16")))
            .order(ByteOrder.LITTLE_ENDIAN);
    float[][] vectors = new float[halves.remaining() / (Short.BYTES * WIDTH)][WIDTH];
    for (float[] vector : vectors) {
      for (int i = 0; i < WIDTH; i++) {
        vector[i] = Float.float16ToFloat(halves.getShort());
      }
    }
    return vectors;
  }

  private static float[] embed(String text) throws InterruptedException {
    int[] ids = model.tokenizer().encode(text, Specials.AS_TEXT, true);
    return model.embed(ids, Pooling.MEAN, true)[0];
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }

  @Test
  void textsOfAllLengthsHaveTheVectorsOfOnnxRuntime() throws Exception {
    requireEqual(SAMPLE);
  }

  @Test
  @Tag("slow")
  void allTextsHaveTheVectorsOfOnnxRuntime() throws Exception {
    requireEqual(1);
  }

  private static void requireEqual(int every) throws Exception {
    List<String> texts = texts();
    float[][] truth = truth();
    assertEquals(500, texts.size());
    assertEquals(texts.size(), truth.length);
    var taken = new ArrayList<Integer>();
    for (int i = 0; i < texts.size(); i += i < ODD ? 1 : every) {
      taken.add(i);
    }
    List<float[][]> vectors =
        model.embed(
            taken.stream()
                .map(i -> model.tokenizer().encode(texts.get(i), Specials.AS_TEXT, true))
                .toList(),
            Pooling.MEAN,
            true);
    var wrong = new ArrayList<String>();
    for (int at = 0; at < taken.size(); at++) {
      int i = taken.get(at);
      double cosine = cosine(vectors.get(at)[0], truth[i]);
      if (!(cosine >= LEAST_COSINE)) {
        wrong.add("%d: %.6f %s".formatted(i, cosine, texts.get(i)));
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void aTextsVectorDoesNotDependOnItsNeighbours() throws Exception {
    List<String> texts = texts().subList(200, 216);
    List<int[]> ids =
        texts.stream().map(t -> model.tokenizer().encode(t, Specials.AS_TEXT, true)).toList();
    List<float[][]> together = model.embed(ids, Pooling.MEAN, true);
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(embed(texts.get(i)), together.get(i)[0]);
    }
  }

  @Test
  void aTextThatIsTooLongIsRefusedAndNeverCut() {
    String text = "word ".repeat(600);
    var refused = assertThrows(SoleboxException.class, () -> embed(text));
    assertEquals(ErrorCode.CONTEXT_LENGTH_EXCEEDED, refused.code());
    assertTrue(refused.describe().contains("602"), refused.describe());
  }

  @Test
  void theFileSaysWhereItIsFromAndUnderWhichLicence() {
    assertEquals("all-MiniLM-L6-v2", model.info().name());
    assertEquals("bert", model.info().architecture());
    assertEquals(512, model.info().trainedContext());
    assertEquals(List.of(), model.info().notes());
  }
}
