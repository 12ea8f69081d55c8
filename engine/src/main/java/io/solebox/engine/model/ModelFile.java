package io.solebox.engine.model;

import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.gguf.GgufFile;
import io.solebox.engine.gguf.GgufMetadata;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.model.arch.Architecture;
import io.solebox.engine.model.arch.Architectures;
import io.solebox.engine.model.arch.WeightBinder;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model as its file describes it: graph over mapped weights, tokenizer, template. Owns the
 * mapping; everything taken from here is valid until it is closed.
 */
public final class ModelFile implements AutoCloseable {
  private final GgufFile file;
  private final ModelInfo info;
  private final Graph graph;
  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> chatTemplate;

  private ModelFile(GgufFile file) {
    this.file = file;
    GgufMetadata metadata = file.metadata();
    var weights = new WeightBinder(file);
    this.graph = buildGraph(architecture(file), metadata, weights);
    this.tokenizer = Tokenizers.fromGguf(file);
    this.chatTemplate =
        metadata.has("tokenizer.chat_template")
            ? Optional.of(
                ChatTemplates.compile(
                    metadata.string("tokenizer.chat_template"), file.path().toString()))
            : Optional.empty();
    this.info = ModelDescription.of(file, graph, weights.unused());
    requireVocabularyFits();
  }

  /**
   * Opens and checks a file; weights are not read yet.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code BAD_MODEL_FILE}, {@code
   *     UNSUPPORTED_MODEL} or {@code BAD_TEMPLATE}
   */
  public static ModelFile open(Path path, GgufFile.Access access) {
    GgufFile file = GgufFile.open(path, access);
    try {
      return new ModelFile(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Architecture architecture(GgufFile file) {
    String name = file.metadata().string("general.architecture");
    return Architectures.byName(name)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    file.metadata().place("general.architecture"),
                    "The architecture " + name + " is not known to this version.",
                    "Known ones: " + String.join(", ", Architectures.names()) + "."));
  }

  private Graph buildGraph(Architecture architecture, GgufMetadata metadata, WeightBinder weights) {
    try {
      return architecture.build(metadata, weights);
    } catch (IllegalArgumentException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          file.path().toString(),
          "The tensors do not fit the hyperparameters: " + e.getMessage() + ".",
          "Download or convert the file again.",
          e);
    }
  }

  private void requireVocabularyFits() {
    int embedded = ((Op.Embed) graph.ops().getFirst()).table().rows();
    int predicted = ((Graph.End.Rows) graph.end()).logits().width();
    int known = tokenizer.vocabSize();
    if (embedded != known || predicted != known) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          file.path().toString(),
          "The tokenizer has %d tokens, but the embedding has %d rows and the output %d."
              .formatted(known, embedded, predicted),
          "Download or convert the file again.");
    }
  }

  public ModelInfo info() {
    return info;
  }

  public Graph graph() {
    return graph;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public Optional<ChatTemplate> chatTemplate() {
    return chatTemplate;
  }

  /**
   * @throws SoleboxException {@code MODEL_FILE_CHANGED} if the file is no longer what was mapped
   */
  public void checkUnchanged() {
    file.checkUnchanged();
  }

  @Override
  public void close() {
    file.close();
  }
}
