package io.solebox.store.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.name.Quantization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalogue of this distribution, and others that come by file. */
class CatalogueTest {
  private static final String MODEL =
      """
      {"name":"m-8b","title":"M 8B","source":"u/M-8B-GGUF","architecture":"llama",
       "parameters":8000000000,"kept_elements":65536,"context":8192,"license":"mit",
       "uses":["chat","code"]}\
      """;

  private static final String ONE =
      "{\"format\":1,\"version\":7,\"date\":\"2026-01-31\",\"models\":[" + MODEL + "]}";

  private static Catalogue read(String text) {
    return CatalogueReader.read(text.getBytes(StandardCharsets.UTF_8), "file");
  }

  @Test
  void namesOnlyWhatThisVersionRuns() throws IOException {
    String page = Files.readString(Path.of("../docs/models.md")); // made from the registry
    for (CatalogueModel model : Catalogue.ofDistribution().models()) {
      assertTrue(page.contains("\n| `" + model.architecture() + "` | "), model.name());
      assertEquals(
          new PullName.Hub(model.source(), Optional.empty(), Optional.empty(), false),
          PullName.parse("hf.co/" + model.source()));
      assertTrue(model.activeParameters().orElse(1) < model.parameters(), model.name());
    }
  }

  /** Shapes of whose numbers one was wrong would not come to what the model has. */
  @Test
  void shapesComeToTheWeightsAndToWhatIsKept() {
    int known = 0;
    for (CatalogueModel model : Catalogue.ofDistribution().models()) {
      if (model.shape().isEmpty()) {
        continue;
      }
      known++;
      CatalogueShape shape = model.shape().get();
      assertEquals(model.parameters(), weights(shape), 0.012 * model.parameters(), model.name());
      assertEquals(model.keptElements().getAsLong(), shape.keptElements(), model.name());
      assertEquals(model.activeParameters().isPresent(), shape.experts().isPresent());
    }
    assertEquals(70, known);
  }

  private static long weights(CatalogueShape shape) {
    long width = shape.width();
    int experts = shape.experts().map(CatalogueShape.Experts::count).orElse(1);
    long heads = 2L * (shape.heads() + shape.kvHeads()) * shape.headDim();
    long layer = width * (heads + 3L * shape.ffn() * experts);
    return (shape.tied() ? 1 : 2) * width * shape.vocabulary() + shape.layers() * layer;
  }

  @Test
  void findsByNameAndQuantizationAndLeavesTagsToOllama() {
    Catalogue one = read(ONE);
    assertEquals(Optional.empty(), one.find("m-8b").get().choice());
    assertEquals("u/M-8B-GGUF", one.find("M-8B:q4_k_m").get().pullName().repo());
    assertEquals(Optional.of("Q8_0"), one.find("catalogue:m-8b:Q8_0").get().choice());
    assertTrue(one.find("m-8b:latest").isEmpty());
    assertTrue(one.find("u/m-8b").isEmpty());
    var unknown = assertThrows(SoleboxException.class, () -> one.find("catalogue:n-8b"));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, unknown.code());
    assertTrue(unknown.remedy().contains("m-8b"), unknown.remedy());
  }

  @Test
  void choosesTheUsualFormatOrTheLargestBelowItThatFits() {
    CatalogueModel model = read(ONE).models().getFirst();
    assertEquals(Optional.of(Quantization.USUAL), model.formatThatFits(bytes -> true));
    long third = model.estimatedBytes(new Quantization("Q3_K_M"));
    assertEquals(
        Optional.of("Q3_K_M"),
        model.formatThatFits(bytes -> bytes <= third).map(Quantization::name));
    assertEquals(Optional.empty(), model.formatThatFits(bytes -> false));
    assertEquals(4_894_400_000L, model.estimatedBytes(Quantization.USUAL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "\"format\":1; \"format\":2; 'format'",
        "\"version\":7; \"version\":0; 'version'",
        "\"version\":7; \"version\":7,\"more\":1; 'more'",
        "2026-01-31; 2026-02-31; 'date'",
        "\"m-8b\"; \"../m\"; 'models[0].name'",
        "u/M-8B-GGUF; https://evil/x; 'models[0].source'",
        "8000000000; -1; 'models[0].parameters'",
        "\"chat\"; \"fly\"; 'models[0].uses'",
        "\"mit\"; \"mit\",\"gated\":1; 'models[0].gated'",
        "\"mit\"; \"mit\",\"formats\":[\"Q9\"]; 'models[0].formats'",
        "\"mit\"; \"mit\",\"colour\":1; 'models[0].colour'",
        "M 8B; M\\u001b8B; 'models[0].title'",
        "\"mit\"; \"mit\",\"shape\":{\"layers\":0}; 'models[0].shape.heads'",
        "\"mit\"; \"mit\",\"shape\":{\"depth\":1}; 'models[0].shape.depth'",
        "\"mit\"; \"mit\",\"shape\":{\"heads\":8,\"kv_heads\":3}; 'models[0].shape.kv_heads'",
        "[{; [1,{; 'models[0].'",
        "}]; }; no catalogue"
      })
  void refusesWhatItDoesNotUnderstandWithItsPlace(String part, String instead, String place) {
    assertTrue(ONE.contains(part), part);
    var refused = assertThrows(SoleboxException.class, () -> read(ONE.replace(part, instead)));
    assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    assertTrue(refused.getMessage().contains(place), refused.getMessage());
    assertFalse(refused.remedy().isEmpty());
  }

  @Test
  void refusesTwoOfOneName() {
    String twice = ONE.replace(MODEL, MODEL + "," + MODEL);
    assertTrue(
        assertThrows(SoleboxException.class, () -> read(twice)).getMessage().contains("twice"));
  }
}
