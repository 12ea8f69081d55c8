package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.safetensors.Safetensors;
import io.solebox.engine.tensor.TensorBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model as it is published on Hugging Face: safetensors beside config.json and the files of the
 * tokenizer. Its description is translated when it is opened; weights that lie otherwise in GGUF
 * are changed row by row as they are asked for.
 */
public final class HuggingFaceSource implements ModelSource {
  /** A tensor and its bytes. */
  private record Held(TensorInfo info, TensorBytes bytes) {}

  private final HuggingFaceFolder folder;
  private final List<Safetensors> files;
  private final Metadata metadata;
  private final Map<String, Held> tensors = new LinkedHashMap<>();
  private final boolean hasCodes;
  private final List<String> notes;

  private HuggingFaceSource(
      HuggingFaceFolder folder,
      List<Safetensors> files,
      Translation translation,
      Map<String, Rows> rows,
      boolean hasCodes,
      List<String> notes) {
    this.folder = folder;
    this.files = files;
    this.metadata = new Metadata(folder.file("config.json").toString(), translation.entries());
    this.hasCodes = hasCodes;
    this.notes = notes;
    rows.forEach((name, r) -> tensors.put(name, held(name, r)));
  }

  private static Held held(String name, Rows rows) {
    List<Long> shape = rows.shape().reversed();
    long bytes = rows.type().bytes(rows.elements());
    return new Held(new TensorInfo(name, rows.type(), shape, bytes), rows.bytes());
  }

  /**
   * Opens a folder, or a file in it.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND} for parts that are missing; {@code
   *     BAD_MODEL_FILE} naming file and field or tensor; {@code UNSUPPORTED_MODEL} for a kind of
   *     model, a field, a tensor or a format that this version does not know; or as {@link
   *     Safetensors#open} says
   */
  public static HuggingFaceSource open(Path path, Access access) {
    return open(path, access, CodesAs.NEAREST);
  }

  /**
   * As {@link #open(Path, Access)}, with a wish for codes that GGUF has no format for.
   *
   * @throws SoleboxException likewise
   */
  public static HuggingFaceSource open(Path path, Access access, CodesAs codes) {
    HuggingFaceFolder folder = HuggingFaceFolder.of(path);
    Config config = Config.read(folder.file("config.json"));
    List<Safetensors> files = new ArrayList<>();
    try {
      files.add(Safetensors.open(folder.weights(), access));
      files.getFirst().checkTails();
      return open(folder, config, files, access, codes);
    } catch (RuntimeException | Error e) {
      files.forEach(Safetensors::close);
      throw e;
    }
  }

  private static HuggingFaceSource open(
      HuggingFaceFolder folder,
      Config config,
      List<Safetensors> files,
      Access access,
      CodesAs codes) {
    Config described = config.object("text_config").orElse(config);
    Family family = Families.of(described);
    Config text = described.orElse(family.defaults(described));
    var translation = new Translation(family.architecture(text), config.file());
    translate(family, text, translation);
    Classifiers.translate(config, translation);
    var vectors = new SentenceTransformers(folder, access);
    try {
      vectors.translate(translation);
    } finally {
      files.addAll(vectors.opened());
    }
    new Defaults(folder).translate(translation);
    text.requireAllRead();
    config.requireAllRead();
    var names = new TensorNames(files.getFirst().place(), translation);
    var quantized = Quantization.of(config, text, files.getFirst(), codes);
    quantized.putAll(names);
    Map<String, Rows> rows = names.all();
    requireHead(config, text, translation, rows);
    List<String> notes = new ArrayList<>(translation.notes());
    notes.addAll(quantized.notes());
    notes.addAll(names.notes());
    return new HuggingFaceSource(
        folder, List.copyOf(files), translation, rows, quantized.hasCodes(), notes);
  }

  private static void translate(Family family, Config text, Translation translation) {
    try {
      family.translate(text, translation);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          text.file(),
          "the sizes of the model make no sense: " + e.getMessage(),
          "Download the file again, or compare it with the publisher's.",
          e);
    }
  }

  /** A model for answers whose head is said to be its own must have one. */
  private static void requireHead(
      Config config, Config text, Translation translation, Map<String, Rows> rows) {
    boolean answers = text.texts("architectures").stream().anyMatch(a -> a.endsWith("ForCausalLM"));
    boolean tied =
        text.flagOr(true, "tie_embedding", "tie_word_embeddings")
            || config.flagOr(
                false, "tie_word_embeddings"); // of the whole, where the text is a part
    if (answers && !tied && !translation.makesVectors() && !rows.containsKey("output.weight")) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          text.place("tie_word_embeddings"),
          "the output is no copy of the embedding table, and its tensor lm_head.weight is missing",
          "Download all files of the model again, from one place.");
    }
  }

  @Override
  public String place() {
    return folder.folder().toString();
  }

  @Override
  public String fileName() {
    return HuggingFaceFolder.nameOf(folder.folder());
  }

  @Override
  public long fileBytes() {
    return files.stream().mapToLong(Safetensors::fileBytes).sum();
  }

  /** Of the weights. */
  public List<Path> files() {
    return files.stream().flatMap(file -> file.files().stream()).toList();
  }

  /** Whether matrices are stored as codes that GGUF has no format for. */
  public boolean hasCodes() {
    return hasCodes;
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<TensorInfo> tensors() {
    return tensors.values().stream().map(Held::info).toList();
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name)).map(Held::info);
  }

  @Override
  public TensorBytes bytes(TensorInfo tensor) {
    return Optional.ofNullable(tensors.get(tensor.name()))
        .orElseThrow(
            () -> new IllegalArgumentException(tensor.name() + " is no tensor of " + place()))
        .bytes();
  }

  @Override
  public Optional<Path> tokenizerFolder() {
    return Optional.of(folder.folder());
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public void checkUnchanged() {
    files.forEach(Safetensors::checkUnchanged);
  }

  @Override
  public void close() {
    files.forEach(Safetensors::close);
  }
}
