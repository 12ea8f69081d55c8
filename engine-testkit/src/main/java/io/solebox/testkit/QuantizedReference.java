package io.solebox.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * One tiny model in real quantization mixes; the reference ran its dequantized weights in f32. See
 * the README of {@code testdata/quant-e2e}.
 */
public record QuantizedReference(Path gguf, List<ReferenceModel.Prompt> prompts) {
  /** The mix {@code type}, as {@code Q4_K_M}; skips where the shared folder is absent. */
  public static QuantizedReference shared(String type) {
    Path folder = TestData.requireShared("quant-e2e");
    try {
      JsonNode manifest = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
      var prompts = new ArrayList<ReferenceModel.Prompt>();
      for (var entry : manifest.get("prompts").properties()) {
        int[] ids = entry.getValue().valueStream().mapToInt(JsonNode::asInt).toArray();
        int[] positions = IntStream.range(0, ids.length).toArray();
        byte[] logits =
            Files.readAllBytes(folder.resolve(type + "." + entry.getKey() + ".logits.f32"));
        prompts.add(
            new ReferenceModel.Prompt(
                entry.getKey(),
                ids,
                positions,
                TestData.floats(logits),
                new int[0],
                new double[0]));
      }
      return new QuantizedReference(folder.resolve("llama256-" + type + ".gguf"), prompts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
