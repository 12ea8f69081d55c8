package io.solebox.engine.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;

/** What a file in a model's format is good for: not every one is a language model. */
public enum SourceRole {
  MODEL("a model", ""),
  VOCABULARY(
      "a vocabulary without weights",
      "Give the model itself; a vocabulary is enough for `solebox tokenize` and `detokenize`"
          + " only."),
  PROJECTOR(
      "a projector (mmproj), which turns pictures or sound into what a language model takes, and"
          + " no model by itself",
      "Give the model file that lies beside it; this version answers texts only."),
  ADAPTER(
      "an adapter (LoRA), which changes another model, and no model by itself",
      "Give the model that it was made for, and this file with --adapter."),
  IMPORTANCE_MATRIX(
      "an importance matrix (imatrix), which helps to quantize a model, and no model by itself",
      "Give the model that it was made for."),
  PICTURE_MODEL(
      "a model that makes pictures or films",
      "This version answers texts. Use a language model, or a program for pictures with this one."),
  UNKNOWN(
      "made for something that this version does not know", "Update Solebox, or use another file.");

  /** {@code general.architecture} of what image programs load (city96/ComfyUI-GGUF: loader.py). */
  private static final Set<String> PICTURE_ARCHITECTURES =
      Set.of(
          "aura",
          "cosmos",
          "flux",
          "hidream",
          "hyvid",
          "ltxv",
          "lumina2",
          "pig",
          "qwen_image",
          "sd1",
          "sd3",
          "sdxl",
          "wan");

  private final String what;
  private final String remedy;

  SourceRole(String what, String remedy) {
    this.what = what;
    this.remedy = remedy;
  }

  /**
   * Files say it themselves ({@code general.type}) since 2024; older ones are known by what is in
   * them.
   */
  public static SourceRole of(Metadata metadata, Collection<String> tensors) {
    String type = text(metadata, "general.type");
    String architecture = text(metadata, "general.architecture");
    boolean words = metadata.has("tokenizer.ggml.tokens");
    if (type.equals("mmproj") || architecture.equals("clip")) {
      return PROJECTOR;
    }
    if (type.equals("adapter") || metadata.has("adapter.type") || all(tensors, isAdapter())) {
      return ADAPTER;
    }
    if (type.equals("imatrix") || all(tensors, isImportance())) {
      return IMPORTANCE_MATRIX;
    }
    if (PICTURE_ARCHITECTURES.contains(architecture) || tensors.stream().anyMatch(isPicture())) {
      return PICTURE_MODEL;
    }
    if (tensors.isEmpty() && words && !metadata.has("split.count")) {
      return VOCABULARY;
    }
    return type.isEmpty() || type.equals("model") ? MODEL : UNKNOWN;
  }

  private static String text(Metadata metadata, String key) {
    return metadata.find(key).orElse(null) instanceof MetadataValue.Text(String text) ? text : "";
  }

  private static boolean all(Collection<String> tensors, Predicate<String> kind) {
    return !tensors.isEmpty() && tensors.stream().allMatch(kind);
  }

  private static Predicate<String> isAdapter() {
    return name -> name.endsWith(".lora_a") || name.endsWith(".lora_b");
  }

  /** Of stable-diffusion.cpp, whose files name no architecture. */
  private static Predicate<String> isPicture() {
    return name -> name.startsWith("model.diffusion_model.");
  }

  private static Predicate<String> isImportance() {
    return name -> name.endsWith(".in_sum2") || name.endsWith(".counts");
  }

  /** As in {@code a projector (mmproj), which ...}. */
  public String what() {
    return what;
  }

  /**
   * Refuses what holds neither words nor weights of a language model.
   *
   * @param place of the file
   * @throws SoleboxException {@code UNSUPPORTED_MODEL}
   */
  public void requireReadable(String place) {
    if (this != VOCABULARY) {
      requireModel(place);
    }
  }

  /**
   * Refuses what is no language model.
   *
   * @param place of the file
   * @throws SoleboxException {@code UNSUPPORTED_MODEL}
   */
  public void requireModel(String place) {
    if (this != MODEL) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL, Printable.line(place), "this file is " + what, remedy);
    }
  }

  /**
   * Refuses what is no adapter.
   *
   * @param place of the file
   * @throws SoleboxException {@code BAD_MODEL_FILE}
   */
  public void requireAdapter(String place) {
    if (this != ADAPTER) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          Printable.line(place),
          "this file is " + what + ", and no adapter",
          "Give a LoRA adapter: a .gguf file whose general.type is adapter, or a folder of PEFT.");
    }
  }

  /**
   * Refuses what is no importance matrix.
   *
   * @param place of the file
   * @throws SoleboxException {@code BAD_MODEL_FILE}
   */
  public void requireImportance(String place) {
    if (this != IMPORTANCE_MATRIX) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          Printable.line(place),
          "this file is " + what + ", and no importance matrix",
          "Give a file that `solebox imatrix` or llama-imatrix made of the model.");
    }
  }
}
