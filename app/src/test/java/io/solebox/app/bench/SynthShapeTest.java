package io.solebox.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.model.ModelFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynthShapeTest {
  /** No key that nobody knows, no tensor that is missing or left over. */
  @ParameterizedTest
  @EnumSource(SynthShape.class)
  void everyShapeIsAModel(SynthShape shape) {
    try (var source = SyntheticWeights.source(SynthModel.of(shape.title, "Q4_K_M"), 1);
        ModelFile file = ModelFile.of(source)) {
      assertEquals(shape.layers, file.info().numLayers());
      assertEquals(shape.hidden, file.info().embeddingLength());
      assertEquals(shape.vocab, file.info().vocabSize());
      assertEquals(List.of(), file.info().notes());
    }
  }
}
