package io.solebox.engine.model;

import io.solebox.engine.generation.Pooling;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Sums a file up for people. */
final class ModelDescription {
  /** For files that do not say what they were trained for. */
  private static final int USUAL_CONTEXT = 2048;

  /** Formats of which files come in mixes of several sizes. */
  private static final Set<TensorType> MIXABLE = EnumSet.of(TensorType.Q4_K, TensorType.Q5_K);

  private ModelDescription() {}

  static ModelInfo of(ModelSource source, Graph graph, List<String> found) {
    Metadata metadata = source.metadata();
    String architecture = metadata.string("general.architecture");
    int vocab = graph.vocabulary().orElseThrow();
    Optional<Pooling> pooling = pooling(source, graph);
    var notes = new ArrayList<>(found);
    OptionalInt trained = trainedContext(metadata, architecture + ".context_length");
    if (trained.isEmpty()) {
      notes.add("The file does not say what context it was trained for; taken for 2048 tokens.");
    }
    return new ModelInfo(
        metadata.stringOr("general.name", source.fileName()),
        architecture,
        format(source),
        source.tensors().stream().mapToLong(TensorInfo::elements).sum(),
        source.fileBytes(),
        trained.orElse(USUAL_CONTEXT),
        vocab,
        graph.boundaries().size(),
        graph.hiddenWidth(),
        pooling,
        pooling.filter(p -> p == Pooling.RANK).isPresent()
            ? labels(metadata, architecture + ".classifier.output_labels", graph)
            : List.of(),
        graph.seesAhead(),
        temperature(metadata),
        notes);
  }

  /** Some files write 0 for unknown, and some more than any machine can hold. */
  private static OptionalInt trainedContext(Metadata metadata, String key) {
    int tokens = metadata.has(key) ? metadata.clampedInt(key) : 0;
    return tokens > 0 ? OptionalInt.of(tokens) : OptionalInt.empty();
  }

  /** Of a model without a way that the file says, the mean over encoders, else the last token. */
  static Optional<Pooling> pooling(ModelSource source, Graph graph) {
    Metadata metadata = source.metadata();
    String key = metadata.string("general.architecture") + ".pooling_type";
    if (graph.logits().isPresent()) {
      return Optional.empty();
    }
    if (source.tensor("cls.output.weight").isPresent()) {
      return Optional.of(Pooling.RANK);
    }
    Pooling usual = graph.seesAhead() ? Pooling.MEAN : Pooling.LAST;
    int said = metadata.has(key) ? metadata.clampedInt(key) : 0;
    return Optional.of(said > 0 && said < Pooling.values().length ? Pooling.values()[said] : usual);
  }

  /** As the file names them; numbered as transformers does where it does not. */
  private static List<String> labels(Metadata metadata, String key, Graph graph) {
    int outputs = graph.end().results().getFirst().width();
    if (!metadata.has(key)) {
      return IntStream.range(0, outputs).mapToObj(i -> "LABEL_" + i).toList();
    }
    List<String> named = metadata.stringArray(key).asList();
    if (named.size() != outputs) {
      throw metadata.bad(key, "names %d labels of %d".formatted(named.size(), outputs));
    }
    return named;
  }

  private static OptionalDouble temperature(Metadata metadata) {
    String key = "general.sampling.temp";
    if (!metadata.has(key)) {
      return OptionalDouble.empty();
    }
    float value = metadata.floatValue(key);
    if (!SamplingParams.isTemperature(value)) {
      throw metadata.bad(key, "must be 0 to " + SamplingParams.MAX_TEMPERATURE + ", is " + value);
    }
    return OptionalDouble.of(value);
  }

  /** The type that holds most bytes; K-quant mixes by their usual names. */
  static String format(ModelSource source) {
    Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
    source.tensors().forEach(t -> bytes.merge(t.type(), t.bytes(), Long::sum));
    TensorType main =
        bytes.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(TensorType.F32);
    boolean mixed = bytes.containsKey(TensorType.Q6_K) && bytes.size() > 2;
    return !MIXABLE.contains(main) ? main.toString() : mixed ? main + "_M" : main + "_S";
  }
}
