package io.solebox.testkit;

import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A tiny random-weight model with the logits that a reference implementation computed. How they
 * were made stands in the README of {@code testdata/arch}.
 */
public final class ReferenceModel {
  private static final int SHORT_CONTEXT = 256;
  private static final int USUAL_CONTEXT = 512;

  /** Whose float32 noise is larger, as the README says. */
  private static final Set<String> LOOSER = Set.of("deepseek_v2", "deepseek_v3");

  private static final double LOOSE = 2e-3;

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
  private final OptionalDouble bound;
  private final Map<String, Double> roundings; // by prompt

  private ReferenceModel(
      String name,
      Path gguf,
      List<Prompt> prompts,
      OptionalDouble bound,
      Map<String, Double> roundings) {
    this.name = name;
    this.gguf = gguf;
    this.prompts = prompts;
    this.bound = bound;
    this.roundings = roundings;
  }

  /** How far logits in f32 may be off, where the reference says so. */
  double bound(double usual) {
    return LOOSER.contains(name) ? LOOSE : bound.orElse(usual);
  }

  /** The contexts to load it with: most models are the same in all of them. */
  List<Integer> contexts() {
    return prompts.stream().map(this::context).distinct().toList();
  }

  /** That of a prompt and what follows it: models with longrope turn by it. */
  int context(Prompt prompt) {
    boolean isShort = prompt.ids().length + prompt.greedy().length <= SHORT_CONTEXT;
    return name.contains("longrope") && isShort ? SHORT_CONTEXT : USUAL_CONTEXT;
  }

  /** Whether its file of f32 weights holds quantized ones as well. */
  boolean isMixed() {
    return isMixed(name);
  }

  static boolean isMixed(String name) {
    return name.equals("gpt_oss");
  }

  /**
   * How far logits may be off with weights of half precision. Rounded weights may choose another
   * expert here and there; where that happened to the reference, what it was off by counts.
   */
  double halfPrecisionBound(Prompt prompt, double usual) {
    double rounding = roundings.getOrDefault(prompt.name(), 0.0);
    return rounding > usual ? 1.2 * rounding : usual;
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
    return read(Weights.of(name, "f32"), gguf(Weights.of(name, "f32"), scratch), Window.AS_IN_GGUF);
  }

  /** The same, with the outputs of the original model, whose sliding window the GGUF leaves out. */
  public static ReferenceModel bundledWithWindow(String name, Path scratch) {
    return read(
        Weights.of(name, "f32"), gguf(Weights.of(name, "f32"), scratch), Window.AS_IN_ORIGINAL);
  }

  /** From this module's resources or the shared folder, whichever has it. */
  static ReferenceModel of(Weights weights, Path scratch) {
    return read(weights, gguf(weights, scratch), Window.AS_IN_GGUF);
  }

  /** The same model in the form of Hugging Face, with what transformers answered. */
  static ReferenceModel ofFolder(Weights weights, Path scratch) {
    return read(weights, ModelFolders.of(weights, scratch), Window.AS_IN_ORIGINAL);
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

  private static Path gguf(Weights weights, Path scratch) {
    return TestData.file(weights.path(), scratch);
  }

  private static ReferenceModel read(Weights weights, Path file, Window window) {
    JsonNode manifest = manifest(weights);
    var prompts = new ArrayList<Prompt>();
    for (var entry : manifest.get("prompts").properties()) {
      prompts.add(
          switch (window) {
            case AS_IN_ORIGINAL -> original(entry.getKey(), entry.getValue(), weights);
            case AS_IN_GGUF -> ofGguf(entry.getKey(), entry.getValue(), manifest, weights);
          });
    }
    JsonNode tolerance = manifest.path("tolerance");
    return new ReferenceModel(
        weights.model(),
        file,
        List.copyOf(prompts),
        tolerance.isNumber() ? OptionalDouble.of(tolerance.asDouble()) : OptionalDouble.empty(),
        roundings(manifest));
  }

  private static Map<String, Double> roundings(JsonNode manifest) {
    var roundings = new HashMap<String, Double>();
    manifest
        .path("f16_weight_rounding_max_abs_diff")
        .properties()
        .forEach(e -> roundings.put(e.getKey(), e.getValue().asDouble()));
    return Map.copyOf(roundings);
  }

  private static Prompt original(String name, JsonNode node, Weights weights) {
    String file = node.get("logits").get("file").asString();
    return prompt(name, node, TestData.bytes(weights.path(file)), node.get("greedy"));
  }

  /**
   * Where the GGUF's own outputs are recorded beside the original model's, those count; not those
   * of quantized weights with activations of 8 bits.
   */
  private static Prompt ofGguf(String name, JsonNode node, JsonNode manifest, Weights weights) {
    String file = node.get("logits").get("file").asString();
    String own = file.replace(".logits.", ".logits.llamacpp.");
    boolean recorded = manifest.get("files").has(own) && !isMixed(weights.model());
    JsonNode greedy = manifest.at("/gguf/f32/llama.cpp-v0.5.0").path("greedy_" + name);
    return prompt(
        name,
        node,
        TestData.bytes(weights.path(recorded ? own : file)),
        greedy.isMissingNode() || isMixed(weights.model()) ? node.get("greedy") : greedy);
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

  static int[] ints(JsonNode array) {
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
