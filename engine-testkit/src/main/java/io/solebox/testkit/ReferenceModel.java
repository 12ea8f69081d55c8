package io.solebox.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
    return bundled(name, scratch, Window.AS_IN_GGUF);
  }

  /** The same, with the outputs of the original model, whose sliding window the GGUF leaves out. */
  public static ReferenceModel bundledWithWindow(String name, Path scratch) {
    return bundled(name, scratch, Window.AS_IN_ORIGINAL);
  }

  private static ReferenceModel bundled(String name, Path scratch, Window window) {
    String folder = "arch/" + name + "/";
    Path gguf = TestData.resource(folder + name + "-f32.gguf", scratch);
    return read(name, gguf, window, file -> resourceBytes(folder + file));
  }

  private enum Window {
    AS_IN_GGUF,
    AS_IN_ORIGINAL
  }

  /**
   * From the shared folder, with weights of {@code type} ({@code f16}); skips where it is absent.
   */
  public static ReferenceModel shared(String name, String type) {
    Path folder = TestData.requireShared("arch/" + name);
    Path gguf = TestData.requireShared("arch/" + name + "/" + name + "-" + type + ".gguf");
    return read(name, gguf, Window.AS_IN_GGUF, file -> fileBytes(folder.resolve(file)));
  }

  private interface Source {
    byte[] read(String file);
  }

  private static ReferenceModel read(String name, Path gguf, Window window, Source source) {
    JsonNode manifest = new ObjectMapper().readTree(source.read("manifest.json"));
    var prompts = new ArrayList<Prompt>();
    for (var entry : manifest.get("prompts").properties()) {
      prompts.add(
          switch (window) {
            case AS_IN_ORIGINAL -> original(entry.getKey(), entry.getValue(), source);
            case AS_IN_GGUF -> ofGguf(entry.getKey(), entry.getValue(), manifest, source);
          });
    }
    return new ReferenceModel(name, gguf, List.copyOf(prompts));
  }

  private static Prompt original(String name, JsonNode node, Source source) {
    String file = node.get("logits").get("file").asString();
    return prompt(name, node, source.read(file), node.get("greedy"));
  }

  /** Where the GGUF's own outputs are recorded beside the original model's, those count. */
  private static Prompt ofGguf(String name, JsonNode node, JsonNode manifest, Source source) {
    String file = node.get("logits").get("file").asString();
    String own = file.replace(".logits.", ".logits.llamacpp.");
    boolean recorded = manifest.get("files").has(own);
    JsonNode greedy = manifest.at("/gguf/f32/llama.cpp-v0.5.0").path("greedy_" + name);
    return prompt(
        name,
        node,
        source.read(recorded ? own : file),
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

  private static byte[] resourceBytes(String name) {
    try (InputStream in = ReferenceModel.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] fileBytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
