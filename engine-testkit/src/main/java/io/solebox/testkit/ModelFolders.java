package io.solebox.testkit;

import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.testkit.GoldenModels.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Models in the form of Hugging Face: those of {@code testdata/arch}, which transformers has
 * written, and ours. Of most of ours the weights are those of the GGUF file beside it, and only
 * where they lie is written down ({@code folders.py}): their folder is made when it is asked for.
 */
final class ModelFolders {
  private static final String FOLDER = "hf";
  private static final String WEIGHTS = "model.safetensors";
  private static final String PLACES = "tensors.json";

  private ModelFolders() {}

  /** All that there are, of models with logits and of others. */
  static List<Weights> all() {
    return Stream.concat(TestData.sharedNames("arch").stream(), TestData.ownNames("arch").stream())
        .map(model -> Weights.of(model, "f32"))
        .filter(weights -> TestData.isFolder(weights.path(FOLDER)))
        .sorted()
        .toList();
  }

  /** Its folder; {@code scratch} receives one that is made. */
  static Path of(Weights weights, Path scratch) {
    Path folder = TestData.file(weights.path(FOLDER), scratch);
    if (!Files.exists(folder.resolve(PLACES))) {
      return folder;
    }
    Path made = scratch.resolve(weights.model());
    try {
      if (!Files.exists(made)) {
        copy(folder, made);
        make(weights, folder, made, scratch);
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        if (!file.endsWith(PLACES)) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
    }
  }

  private static void make(Weights weights, Path folder, Path made, Path scratch)
      throws IOException {
    var writer = new SafetensorsWriter();
    JsonNode places = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve(PLACES)));
    Path gguf = TestData.file(weights.path(), scratch);
    try (ModelSource source = GgufSource.open(gguf, ModelSource.Access.MAPPED)) {
      Map<String, float[][]> rows = new HashMap<>();
      for (TensorInfo tensor : source.tensors()) {
        rows.put(tensor.name(), rows(source, tensor));
      }
      for (var entry : places.properties()) {
        String shape = entry.getValue().get("shape").toString();
        writer.put(entry.getKey(), shape, values(entry.getValue(), rows));
      }
      writer.write(made.resolve(WEIGHTS));
      Files.writeString(made.resolve("tokenizer.json"), tokenizer(source));
    }
  }

  private static float[][] rows(ModelSource source, TensorInfo tensor) {
    float[] all = source.data(tensor).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    float[][] rows = new float[tensor.rows()][tensor.cols()];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(all, r * tensor.cols(), rows[r], 0, tensor.cols());
    }
    return rows;
  }

  private static float[] values(JsonNode tensor, Map<String, float[][]> rows) {
    if (tensor.has("data")) {
      return TestData.floats(Base64.getDecoder().decode(tensor.get("data").asString()));
    }
    int count = 1;
    for (JsonNode size : tensor.get("shape")) {
      count *= size.asInt();
    }
    float[] values = new float[count];
    int at = 0;
    for (JsonNode run : tensor.get("rows")) {
      String[] words = run.asString().split(" ");
      for (int i = 0; i < Integer.parseInt(words[3]); i++) {
        int row = Integer.parseInt(words[1]) + i * Integer.parseInt(words[2]);
        float[][] from = rows.get(words[0]);
        boolean isElement = from.length == 1 && row > 0 || count - at < from[0].length;
        float[] value = isElement ? new float[] {from[0][row]} : from[row];
        System.arraycopy(value, 0, values, at, value.length);
        at += value.length;
      }
    }
    return values;
  }

  /** Texts do not matter here: the prompts are ids. */
  private static String tokenizer(ModelSource source) {
    List<String> tokens = source.metadata().strings("tokenizer.ggml.tokens");
    Map<String, Integer> vocabulary = new TreeMap<>();
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    Map<String, Object> model = Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of());
    return new ObjectMapper().writeValueAsString(Map.of("model", model, "added_tokens", List.of()));
  }
}
