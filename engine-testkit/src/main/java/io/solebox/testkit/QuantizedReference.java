package io.solebox.testkit;

import io.solebox.testkit.GoldenModels.Weights;
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
  /** The mix Q4_K_M, which this module carries; {@code scratch} receives the file. */
  public static QuantizedReference bundled(Path scratch) {
    return of(new Weights("quant-e2e", "llama256", "Q4_K_M"), scratch);
  }

  static QuantizedReference of(Weights weights, Path scratch) {
    JsonNode manifest = new ObjectMapper().readTree(TestData.bytes(weights.path("manifest.json")));
    var prompts = new ArrayList<ReferenceModel.Prompt>();
    for (var entry : manifest.get("prompts").properties()) {
      int[] ids = entry.getValue().valueStream().mapToInt(JsonNode::asInt).toArray();
      int[] positions = IntStream.range(0, ids.length).toArray();
      byte[] logits =
          TestData.bytes(weights.path(weights.type() + "." + entry.getKey() + ".logits.f32"));
      prompts.add(
          new ReferenceModel.Prompt(
              entry.getKey(), ids, positions, TestData.floats(logits), new int[0], new double[0]));
    }
    return new QuantizedReference(TestData.file(weights.path(), scratch), prompts);
  }
}
