package io.solebox.engine.model.adapter;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.ModelSources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An adapter in a GGUF file, as llama.cpp writes and reads it (ggml-org/llama.cpp:
 * convert_lora_to_gguf.py, src/llama-adapter.cpp): {@code adapter.type} is {@code lora}, and each
 * matrix has tensors {@code NAME.lora_a} and {@code NAME.lora_b}.
 */
final class GgufLora implements LoraFile {
  private static final String A = ".lora_a";
  private static final String B = ".lora_b";
  private static final String ARCHITECTURE_KEY = "general.architecture";

  private final ModelSource source;
  private final float alpha;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private GgufLora(ModelSource source) {
    this.source = source;
    Keys keys = new Keys(source.metadata(), "adapter");
    String type = keys.textOr("type", "lora");
    keys.refuseIf(!type.equals("lora"), "type", "is " + Printable.name(type));
    keys.refuseIf(
        keys.has("alora.invocation_tokens"),
        "alora.invocation_tokens",
        "makes an adapter that begins in the middle of a prompt (aLoRA)",
        "Use an ordinary LoRA adapter.");
    this.alpha = keys.numberOr("lora.alpha", 0);
    keys.textOr("lora.task_name", "");
    String prefix = keys.textOr("lora.prompt_prefix", "");
    if (!prefix.isEmpty()) {
      notes.add("Prompts are to begin with '%s'; it is not put there.".formatted(prefix));
    }
    keys.requireAllRead();
    source.tensors().forEach(this::add);
  }

  /**
   * @throws SoleboxException as {@link ModelSources#openAdapter}; {@code UNSUPPORTED_MODEL} for
   *     what is not a LoRA that can be computed
   */
  static GgufLora open(Path path, ModelSource.Access access) {
    ModelSource source = ModelSources.openAdapter(path, access);
    try {
      return new GgufLora(source);
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private void add(TensorInfo tensor) {
    String name = tensor.name();
    if (!name.endsWith(A) && !name.endsWith(B)) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          place(name),
          "It is no part of a low-rank change, and would be left out.",
          "Use an adapter that changes matrices alone, or a model that has it merged in.");
    }
    requireMatrix(tensor);
    String other = base(name) + (name.endsWith(A) ? B : A);
    TensorInfo half =
        source
            .tensor(other)
            .orElseThrow(
                () -> bad(name, "There is no %s beside it.".formatted(Printable.name(other))));
    if (name.endsWith(A)) {
      pairs.add(new Pair(base(name), weight(tensor), weight(half), scale(half)));
    }
  }

  /** LoRA on experts has a third size, one of each expert. */
  private void requireMatrix(TensorInfo tensor) {
    if (tensor.shape().stream().skip(2).anyMatch(size -> size > 1)) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          place(tensor.name()),
          "It changes the matrices of experts, which this version cannot do.",
          "Use an adapter that leaves them alone, or a model that has it merged in.");
    }
  }

  private float scale(TensorInfo b) {
    return alpha == 0 ? 1 : alpha / b.cols();
  }

  private Weight weight(TensorInfo t) {
    return new Weight(t.name(), t.rows(), t.cols(), t.type(), source.data(t));
  }

  private static String base(String name) {
    return name.substring(0, name.length() - A.length());
  }

  private String place(String tensor) {
    return source.place() + ", tensor " + Printable.name(tensor);
  }

  private SoleboxException bad(String tensor, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE, place(tensor), message, "Download or convert the file again.");
  }

  @Override
  public String place() {
    return source.place();
  }

  @Override
  public Optional<String> architecture() {
    Metadata metadata = source.metadata();
    return metadata.has(ARCHITECTURE_KEY)
        ? Optional.of(metadata.string(ARCHITECTURE_KEY))
        : Optional.empty();
  }

  @Override
  public List<Pair> pairs() {
    return List.copyOf(pairs);
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public long fileBytes() {
    return source.fileBytes();
  }

  @Override
  public void checkUnchanged() {
    source.checkUnchanged();
  }

  @Override
  public void close() {
    source.close();
  }
}
