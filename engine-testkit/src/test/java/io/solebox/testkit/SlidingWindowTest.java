package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.gguf.GgufWriter.TensorData;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistral with the window that its GGUF leaves out: then it must equal the original model. */
class SlidingWindowTest {
  private static final int WINDOW = 32; // config.json of testdata/arch/mistral

  @TempDir Path scratch;

  @Test
  void logitsEqualTheOriginalModelBeyondTheWindow() throws InterruptedException {
    var reference = ReferenceModel.bundledWithWindow("mistral", scratch);
    Path windowed = scratch.resolve("windowed.gguf");
    try (var file = ModelSources.open(reference.gguf(), ModelSource.Access.MAPPED)) {
      var writer = new GgufWriter();
      file.metadata()
          .keys()
          .forEach(key -> writer.put(key, file.metadata().find(key).orElseThrow()));
      writer.put("llama.attention.sliding_window", WINDOW);
      file.tensors()
          .forEach(t -> writer.tensor(t.name(), t.type(), t.shape(), TensorData.of(file.data(t))));
      writer.write(windowed);
    }
    try (var engine = Engine.open("reference", 1);
        LoadedModel model = Models.load(engine, windowed, KvType.F32)) {
      for (var prompt : reference.prompts()) {
        float[][] rows = Models.logits(model, prompt.ids());
        int vocab = model.info().vocabSize();
        for (int i = 0; i < prompt.positions().length; i++) {
          for (int v = 0; v < vocab; v++) {
            assertEquals(
                prompt.logits()[i * vocab + v],
                rows[prompt.positions()[i]][v],
                1e-3f,
                prompt.name());
          }
        }
        assertArrayEquals(prompt.greedy(), Models.greedy(model, prompt.ids(), 32));
      }
    }
  }
}
