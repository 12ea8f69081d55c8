package io.solebox.store.convert;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.huggingface.HuggingFaceSource;
import io.solebox.engine.tensor.TensorType;
import io.solebox.engine.tokenizer.VocabularyKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a converted model: what the folder says of it, in the order of llama.cpp's
 * converter.
 */
final class ModelKeys {
  private static final String TOKENIZER = "tokenizer.";
  private static final int QUANTIZATION_VERSION = 2;

  /** Of a folder whose second texts have embeddings of their own, which GGUF's tables lack. */
  private static final String SECOND_TEXT = "tokenizer.second_text_offset";

  private final HuggingFaceSource source;
  private final Optional<String> name;
  private final VocabularyKeys.Written vocabulary;

  ModelKeys(HuggingFaceSource source, Optional<String> name) {
    this.source = source;
    this.name = name;
    if (source.metadata().has(SECOND_TEXT)) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          source.place(),
          "the model reads a second text with other embeddings than the first, which GGUF has no"
              + " keys for",
          "Run the folder as it is.");
    }
    TensorInfo table =
        source
            .tensor("token_embd.weight")
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.BAD_MODEL_FILE,
                        source.place(),
                        "the table of embeddings is missing",
                        "Download all files of the model again, from one place."));
    Path folder = source.tokenizerFolder().orElseThrow();
    String architecture = source.metadata().string("general.architecture");
    this.vocabulary = VocabularyKeys.of(folder, architecture, table.rows());
  }

  List<String> notes() {
    return vocabulary.notes();
  }

  /**
   * All keys.
   *
   * @param wanted the format of matrices
   */
  Map<String, MetadataValue> keys(List<PlannedTensor> tensors, TensorType wanted) {
    var keys = new LinkedHashMap<String, MetadataValue>();
    Metadata found = source.metadata();
    String architecture = found.string("general.architecture");
    text(keys, "general.architecture", architecture);
    text(keys, "general.type", "model");
    copy(found, "general.", keys);
    naming(keys, tensors);
    copy(found, architecture + ".", keys);
    whole(keys, "general.file_type", fileType(tensors, wanted));
    whole(keys, "general.quantization_version", QUANTIZATION_VERSION);
    keys.putAll(vocabulary.keys());
    copy(found, TOKENIZER, keys);
    return keys;
  }

  private static void copy(Metadata found, String prefix, Map<String, MetadataValue> keys) {
    for (String key : found.keys()) {
      if (key.startsWith(prefix)) {
        found.find(key).ifPresent(value -> keys.putIfAbsent(key, value));
      }
    }
  }

  private static void text(Map<String, MetadataValue> keys, String key, String value) {
    keys.put(key, new MetadataValue.Text(value));
  }

  private static void whole(Map<String, MetadataValue> keys, String key, int value) {
    keys.put(key, new MetadataValue.Whole(ValueType.U32, value));
  }

  /** Codes that are kept give a file its type, as few as there may be. */
  private static int fileType(List<PlannedTensor> tensors, TensorType wanted) {
    return tensors.stream()
        .filter(tensor -> tensor.type().isQuantized() && tensor.type() != wanted)
        .findFirst()
        .map(tensor -> tensor.type().fileType())
        .orElse(wanted.fileType());
  }

  private void naming(Map<String, MetadataValue> keys, List<PlannedTensor> tensors) {
    SizeLabel size = SizeLabel.of(tensors.stream().map(PlannedTensor::source).toList());
    PublishedName parts = PublishedName.of(source.fileName(), size.total());
    text(keys, "general.name", name.orElseGet(() -> PublishedName.title(parts.full())));
    parts.version().ifPresent(version -> text(keys, "general.version", version));
    parts.organization().ifPresent(o -> text(keys, "general.organization", PublishedName.title(o)));
    parts.finetune().ifPresent(finetune -> text(keys, "general.finetune", finetune));
    parts.basename().ifPresent(basename -> text(keys, "general.basename", basename));
    text(keys, "general.size_label", parts.sizeLabel().orElseGet(size::text));
  }
}
