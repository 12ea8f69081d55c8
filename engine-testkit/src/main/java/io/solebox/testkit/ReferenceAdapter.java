package io.solebox.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import io.solebox.engine.model.adapter.AdapterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * An adapter with random weights and what transformers answers with it ({@code
 * engine-testkit/src/test/adapters}).
 *
 * @param base the model that it changes
 */
public record ReferenceAdapter(String name, Path folder, Path base, List<Prompt> prompts) {
  /**
   * What must come out.
   *
   * @param positions of the rows of {@code logits}
   * @param logits f32 [positions, V]
   * @param greedy the ids that follow
   */
  public record Prompt(String name, int[] ids, int[] positions, float[] logits, int[] greedy) {}

  /** The forms in which each lies there. */
  public enum Form {
    GGUF,
    PEFT
  }

  /** Those that belong together, of one model. */
  public static final List<String> OF_ONE_MODEL = List.of("poet", "clerk");

  /** Skips the test where the checkout is not there. */
  public static ReferenceAdapter of(String name) {
    Path folder =
        TestData.adapters()
            .map(all -> all.resolve(name))
            .filter(Files::isDirectory)
            .orElseGet(() -> abort("SKIPPED: engine-testkit/src/test/adapters is not here"));
    try {
      JsonNode manifest = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
      Path references = folder.getParent().resolveSibling("reference");
      List<Prompt> prompts = new ArrayList<>();
      for (var entry : manifest.get("prompts").properties()) {
        JsonNode node = entry.getValue();
        byte[] logits = Files.readAllBytes(folder.resolve(node.get("logits").asString()));
        prompts.add(
            new Prompt(
                entry.getKey(),
                ReferenceModel.ints(node.get("ids")),
                ReferenceModel.ints(node.get("positions")),
                TestData.floats(logits),
                ReferenceModel.ints(node.get("greedy"))));
      }
      Path base = references.resolve(manifest.get("base").asString());
      return new ReferenceAdapter(name, folder, base, prompts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public AdapterOptions options(Form form) {
    Path path =
        switch (form) {
          case GGUF -> folder.resolve(name + ".gguf");
          case PEFT -> folder;
        };
    return new AdapterOptions(name, path);
  }

  public Prompt prompt(String which) {
    return prompts.stream().filter(p -> p.name().equals(which)).findFirst().orElseThrow();
  }
}
