package io.solebox.testkit;

import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A tiny random-weight model with the logits that a reference implementation computed. How they
 * were made stands in the README of {@code testdata/arch}.
 */
public final class ReferenceModel {
  /**
   * One prompt and what must come out.
   *
   * @param positions of the rows of {@code logits}
   * @param logits f32 [positions, V]
   * @param greedy the ids that follow
   * @param greedyMargins gap of the two best logits at each of them
   */
  public record Prompt(
      String name,
      int[] ids,
      int[] positions,
      float[] logits,
      int[] greedy,
      double[] greedyMargins) {}

  private final String name;
  private final Path gguf;
  private final List<Prompt> prompts;

  private ReferenceModel(String name, Path gguf, List<Prompt> prompts) {
    this.name = name;
    this.gguf = gguf;
    this.prompts = prompts;
  }

  public String name() {
    return name;
  }

  public Path gguf() {
    return gguf;
  }

  public List<Prompt> prompts() {
    return prompts;
  }

  /** From this module's resources: f32 weights; {@code scratch} receives the file. */
  public static ReferenceModel bundled(String name, Path scratch) {
    return read(Weights.of(name, "f32"), scratch, Window.AS_IN_GGUF);
  }

  /** The same, with the outputs of the original model, whose sliding window the GGUF leaves out. */
  public static ReferenceModel bundledWithWindow(String name, Path scratch) {
    return read(Weights.of(name, "f32"), scratch, Window.AS_IN_ORIGINAL);
  }

  /** From this module's resources or the shared folder, whichever has it. */
  static ReferenceModel of(Weights weights, Path scratch) {
    return read(weights, scratch, Window.AS_IN_GGUF);
  }

  /** Whether logits are recorded of this model, and not embeddings alone. */
  static boolean hasLogits(Weights weights) {
    return manifest(weights).get("prompts").values().stream().allMatch(p -> p.has("logits"));
  }

  private enum Window {
    AS_IN_GGUF,
    AS_IN_ORIGINAL
  }

  private static JsonNode manifest(Weights weights) {
    return new ObjectMapper().readTree(TestData.bytes(weights.path("manifest.json")));
  }

  private static ReferenceModel read(Weights weights, Path scratch, Window window) {
    JsonNode manifest = manifest(weights);
    var prompts = new ArrayList<Prompt>();
    for (var entry : manifest.get("prompts").properties()) {
      prompts.add(
          switch (window) {
            case AS_IN_ORIGINAL -> original(entry.getKey(), entry.getValue(), weights);
            case AS_IN_GGUF -> ofGguf(entry.getKey(), entry.getValue(), manifest, weights);
          });
    }
    Path gguf = TestData.file(weights.path(), scratch);
    return new ReferenceModel(weights.model(), gguf, List.copyOf(prompts));
  }

  private static Prompt original(String name, JsonNode node, Weights weights) {
    String file = node.get("logits").get("file").asString();
    return prompt(name, node, TestData.bytes(weights.path(file)), node.get("greedy"));
  }

  /** Where the GGUF's own outputs are recorded beside the original model's, those count. */
  private static Prompt ofGguf(String name, JsonNode node, JsonNode manifest, Weights weights) {
    String file = node.get("logits").get("file").asString();
    String own = file.replace(".logits.", ".logits.llamacpp.");
    boolean recorded = manifest.get("files").has(own);
    JsonNode greedy = manifest.at("/gguf/f32/llama.cpp-v0.5.0").path("greedy_" + name);
    return prompt(
        name,
        node,
        TestData.bytes(weights.path(recorded ? own : file)),
        greedy.isMissingNode() ? node.get("greedy") : greedy);
  }

  private static Prompt prompt(String name, JsonNode node, byte[] logits, JsonNode greedy) {
    JsonNode described = node.get("logits");
    int[] positions =
        described.has("positions")
            ? ints(described.get("positions"))
            : IntStream.range(0, described.get("shape").get(0).asInt()).toArray();
    return new Prompt(
        name,
        ints(node.get("ids")),
        positions,
        TestData.floats(logits),
        ints(greedy),
        doubles(node.get("greedy_margins")));
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }
}
