package io.solebox.engine.model;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.model.arch.Architectures;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.file.ModelSources;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What stands at the head of a model's file, of which no weight is read: it is read of models that
 * nobody loads, and says nothing about whether they can be.
 *
 * @param architecture as in GGUF, {@code llama}
 * @param format the main weight format, as {@link ModelInfo#format}
 * @param parameters number of weights
 * @param fileBytes size of the file
 * @param values texts, numbers and booleans by GGUF's keys, in the file's order; no arrays, and not
 *     the chat template
 * @param chatTemplate its source
 * @param pooling as {@link ModelInfo#pooling}; empty also where this version cannot load the model
 */
public record ModelHeader(
    String architecture,
    String format,
    long parameters,
    long fileBytes,
    Map<String, Object> values,
    Optional<String> chatTemplate,
    Optional<Pooling> pooling) {
  private static final String ARCHITECTURE_KEY = "general.architecture";
  private static final String TEMPLATE_KEY = "tokenizer.chat_template";

  /**
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code BAD_MODEL_FILE} or {@code
   *     UNSUPPORTED_MODEL}
   */
  public static ModelHeader read(Path path) {
    try (ModelSource source = ModelSources.open(path, ModelSource.Access.MAPPED)) {
      Metadata metadata = source.metadata();
      Optional<String> template =
          metadata.has(TEMPLATE_KEY)
              ? Optional.of(metadata.string(TEMPLATE_KEY))
              : Optional.empty();
      return new ModelHeader(
          metadata.string(ARCHITECTURE_KEY),
          ModelDescription.format(source),
          source.tensors().stream().mapToLong(TensorInfo::elements).sum(),
          source.fileBytes(),
          values(metadata),
          template,
          pooling(source));
    }
  }

  /** The graph says it, and files alone do not: some leave the key out. */
  private static Optional<Pooling> pooling(ModelSource source) {
    try {
      return ModelDescription.pooling(source, Architectures.describe(source).graph());
    } catch (SoleboxException e) {
      return Optional.empty(); // who loads it hears why
    }
  }

  private static Map<String, Object> values(Metadata metadata) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String key : metadata.keys()) {
      if (!key.equals(TEMPLATE_KEY)) {
        metadata.find(key).flatMap(ModelHeader::plain).ifPresent(value -> values.put(key, value));
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private static Optional<Object> plain(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Text(String text) -> Optional.of(text);
      case MetadataValue.Bool(boolean flag) -> Optional.of(flag);
      case MetadataValue.Whole(ValueType type, long number) ->
          Optional.of(
              type == ValueType.U64 && number < 0
                  ? (Number) new BigInteger(Long.toUnsignedString(number))
                  : (Number) number);
      case MetadataValue.Real(ValueType _, double number) ->
          Optional.of(Double.isFinite(number) ? (Object) number : String.valueOf(number));
      case MetadataValue.Array _ -> Optional.empty();
    };
  }
}
