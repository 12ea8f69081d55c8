package io.solebox.engine.model;

import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.gguf.GgufFile;
import io.solebox.engine.gguf.GgufMetadata;
import io.solebox.engine.gguf.TensorInfo;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Sums a file up for people. */
final class ModelDescription {
  private ModelDescription() {}

  static ModelInfo of(GgufFile file, Graph graph, List<String> unused) {
    GgufMetadata metadata = file.metadata();
    String architecture = metadata.string("general.architecture");
    String fileName = file.path().getFileName().toString();
    int vocab = ((Graph.End.Rows) graph.end()).logits().width();
    var notes = new ArrayList<String>();
    if (!unused.isEmpty()) {
      notes.add("Tensors that the architecture does not use: " + String.join(", ", unused));
    }
    return new ModelInfo(
        metadata.stringOr("general.name", fileName.replaceFirst("\\.gguf$", "")),
        architecture,
        format(file),
        file.tensors().stream().mapToLong(TensorInfo::elements).sum(),
        file.fileBytes(),
        Math.max(1, metadata.intOr(architecture + ".context_length", 2048)),
        vocab,
        graph.boundaries().size(),
        ((Op.Embed) graph.ops().getFirst()).out().width(),
        temperature(metadata),
        notes);
  }

  private static OptionalDouble temperature(GgufMetadata metadata) {
    String key = "general.sampling.temp";
    if (!metadata.has(key)) {
      return OptionalDouble.empty();
    }
    float value = metadata.floatValue(key);
    if (!(value >= 0 && value <= SamplingParams.MAX_TEMPERATURE)) {
      throw metadata.bad(key, "must be 0 to " + SamplingParams.MAX_TEMPERATURE + ", is " + value);
    }
    return OptionalDouble.of(value);
  }

  /** The type that holds most bytes; K-quant mixes by their usual names. */
  private static String format(GgufFile file) {
    Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
    file.tensors().forEach(t -> bytes.merge(t.type(), t.bytes(), Long::sum));
    TensorType main =
        bytes.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(TensorType.F32);
    boolean mixed = bytes.containsKey(TensorType.Q6_K) && bytes.size() > 2;
    return switch (main) {
      case Q4_K, Q5_K -> mixed ? main + "_M" : main + "_S";
      case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q6_K, Q8_0 -> main.toString();
    };
  }
}
