package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What modules.json says is done with the last layer of an embedding model
 * (huggingface/sentence-transformers): how it is pooled, and what comes behind. That vectors have
 * length 1 in the end is a wish of each request here.
 */
final class SentenceTransformers {
  private static final List<String> MODES = List.of("mean", "cls", "lasttoken");

  private final HuggingFaceFolder folder;
  private final Access access;
  private final List<Safetensors> opened = new ArrayList<>();

  /**
   * @param access for weights behind the pooling
   */
  SentenceTransformers(HuggingFaceFolder folder, Access access) {
    this.folder = folder;
    this.access = access;
  }

  /** Files that were opened, to be closed with the model. */
  List<Safetensors> opened() {
    return opened;
  }

  /** Writes how vectors are made, if the folder says it. */
  void translate(Translation t) {
    Path file = folder.file("modules.json");
    if (!Files.isRegularFile(file)) {
      return;
    }
    int dense = 2; // GGUF counts the modules: the transformer and the pooling come first
    for (Object each : modules(file)) {
      if (!(each instanceof Map<?, ?> module)) {
        throw bad(file, "must be a list of modules");
      }
      String type = String.valueOf(module.get("type"));
      String path = String.valueOf(module.get("path"));
      switch (type.substring(type.lastIndexOf('.') + 1)) {
        case "Transformer", "Normalize" -> {}
        case "Pooling" -> pooling(folder.optional(path + "/config.json"), t);
        case "Dense" -> dense(path, dense++, t);
        default ->
            throw new SoleboxException(
                ErrorCode.UNSUPPORTED_MODEL,
                file.toString(),
                "the module " + Printable.name(type) + " is not known",
                "Use another model for vectors.");
      }
    }
  }

  private static List<?> modules(Path file) {
    try {
      return new JsonReader(JsonLimits.LOCAL).read(Files.readAllBytes(file)) instanceof List<?> list
          ? list
          : List.of("");
    } catch (IOException e) {
      throw FileStamp.unreadable(file, e);
    } catch (JsonException e) {
      throw bad(file, "is not JSON: " + e.getMessage());
    }
  }

  private static SoleboxException bad(Path file, String what) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE, file.toString(), what, "Download the file again.");
  }

  private static void pooling(Config c, Translation t) {
    List<String> found = new ArrayList<>();
    String mode = c.textOr("", "pooling_mode");
    if (!mode.isEmpty()) {
      found.add(mode);
    }
    for (String name : c.names()) {
      if (name.startsWith("pooling_mode_") && c.flagOr(false, name)) {
        found.add(name.substring("pooling_mode_".length()).replaceFirst("_tokens?$", ""));
      }
    }
    if (found.size() != 1 || !MODES.contains(found.getFirst())) {
      throw c.unsupported(
          "pooling_mode", "is %s; known are %s, one of them".formatted(found, MODES));
    }
    t.put("pooling_type", MODES.indexOf(found.getFirst()) + 1);
  }

  /** Matrices behind the pooling, which Gemma's embedding model has two of. */
  private void dense(String path, int number, Translation t) {
    Config c = folder.optional(path + "/config.json");
    if (!t.architecture().equals("gemma-embedding")) {
      throw c.unsupported("in_features", "is of a module Dense, which this kind of model has not");
    }
    c.find("in_features", "out_features");
    c.require("bias", false);
    c.require("activation_function", "torch.nn.modules.linear.Identity");
    Safetensors file = Safetensors.open(folder.file(path + "/model.safetensors"), access);
    opened.add(file);
    t.addStored(
        "dense_" + number + ".weight",
        file.tensor("linear.weight")
            .map(tensor -> Parameters.plain(file, tensor).orElseThrow())
            .orElseThrow(() -> bad(folder.file(path), "linear.weight is missing")));
  }
}
