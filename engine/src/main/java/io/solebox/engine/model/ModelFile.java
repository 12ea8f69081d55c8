package io.solebox.engine.model;

import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.chat.Pairs;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Value;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.model.adapter.AdapterOptions;
import io.solebox.engine.model.adapter.Adapters;
import io.solebox.engine.model.arch.Architectures;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.SourceRole;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model as its file describes it: graph over mapped weights, tokenizer, template. Owns the
 * mapping; everything taken from here is valid until it is closed.
 */
public final class ModelFile implements AutoCloseable {
  private static final String ARCHITECTURE_KEY = "general.architecture";
  private static final String TEMPLATE_KEY = "tokenizer.chat_template";
  private static final String PAIR_TEMPLATE_KEY = "tokenizer.chat_template.rerank";

  /** How many tokens stand before those of the second type, in folders of models with both. */
  private static final String SECOND_TEXT_KEY = "tokenizer.second_text_offset";

  private final ModelSource source;
  private final ModelInfo info;
  private final Graph graph;
  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> chatTemplate;
  private final Adapters adapters;

  private ModelFile(ModelSource source, List<AdapterOptions> wanted, ModelSource.Access access) {
    this.source = source;
    requireModel(source);
    Architectures.Described described = Architectures.describe(source);
    this.tokenizer = tokenizer(source, described.graph());
    this.chatTemplate = chatTemplate(source);
    this.info = ModelDescription.of(source, described.graph(), notes(described));
    requireVocabularyFits(described.graph());
    this.adapters = Adapters.open(wanted, source, access);
    this.graph = adapted(described.graph());
  }

  private Graph adapted(Graph alone) {
    try {
      return adapters.added(alone, source);
    } catch (RuntimeException | Error e) {
      adapters.close();
      throw e;
    }
  }

  private List<String> notes(Architectures.Described described) {
    List<String> notes = new ArrayList<>(source.notes());
    notes.addAll(described.notes());
    notes.addAll(tokenizer.notes());
    return notes;
  }

  private static Tokenizer tokenizer(ModelSource source, Graph graph) {
    int rows = graph.vocabulary().orElseThrow();
    int most = source.metadata().intOr(SECOND_TEXT_KEY, rows);
    return source
        .tokenizerFolder()
        .map(folder -> Tokenizers.of(folder, rows, most))
        .orElseGet(() -> Tokenizers.of(source.metadata()));
  }

  static void requireModel(ModelSource source) {
    List<String> tensors = source.tensors().stream().map(TensorInfo::name).toList();
    SourceRole.of(source.metadata(), tensors).requireModel(source.place());
  }

  private static Optional<ChatTemplate> chatTemplate(ModelSource source) {
    Metadata metadata = source.metadata();
    return metadata.has(TEMPLATE_KEY)
        ? Optional.of(ChatTemplates.of(metadata.string(TEMPLATE_KEY), source.place()))
        : Optional.empty();
  }

  /**
   * Opens and checks a file; weights are not read yet.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code BAD_MODEL_FILE} or {@code
   *     UNSUPPORTED_MODEL}
   */
  public static ModelFile open(Path path, ModelSource.Access access) {
    return open(path, access, List.of());
  }

  /**
   * The same with adapters, whose weights are not read yet either.
   *
   * @throws SoleboxException also as {@link Adapters#open}
   */
  public static ModelFile open(
      Path path, ModelSource.Access access, List<AdapterOptions> adapters) {
    return of(source(path, access), access, adapters);
  }

  /**
   * Checks a source that was opened; weights are not read yet.
   *
   * @param source closed with the result, or at once if it is refused
   * @throws SoleboxException {@code BAD_MODEL_FILE} or {@code UNSUPPORTED_MODEL}
   */
  public static ModelFile of(ModelSource source) {
    return of(source, ModelSource.Access.MAPPED, List.of());
  }

  /**
   * The same with adapters.
   *
   * @param access to the files of the adapters
   */
  public static ModelFile of(
      ModelSource source, ModelSource.Access access, List<AdapterOptions> adapters) {
    try {
      return new ModelFile(source, adapters, access);
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private static ModelSource source(Path path, ModelSource.Access access) {
    try {
      return ModelSources.open(path, access);
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.UNSUPPORTED_MODEL && !ModelSources.isTranslated(path)) {
        requireKnownArchitecture(path);
      }
      throw e;
    }
  }

  /** Where it is unknown, another quantization or format of the model is no help. */
  private static void requireKnownArchitecture(Path path) {
    Contents contents = Contents.read(path);
    if (contents.role() == SourceRole.MODEL && contents.metadata().has(ARCHITECTURE_KEY)) {
      List<String> tensors = contents.tensors().stream().map(Contents.Tensor::name).toList();
      Architectures.requireKnown(contents.metadata(), tensors);
    }
  }

  private void requireVocabularyFits(Graph graph) {
    int embedded = graph.vocabulary().orElseThrow();
    int known = tokenizer.vocabSize();
    int predicted = graph.logits().map(Value::width).orElse(known);
    if (embedded != known || predicted != known) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          source.place(),
          "The tokenizer has %d tokens, but the embedding has %d rows and the output %d."
              .formatted(known, embedded, predicted),
          "Tokens were added to one and not to the others: use another conversion of the model.");
    }
  }

  /** The architectures that this version runs, as in {@code general.architecture}. */
  public static List<String> architectures() {
    return Architectures.names();
  }

  public ModelInfo info() {
    return info;
  }

  /** What of it decides what it takes; with what its adapters add. */
  public ModelOutline outline() {
    return new ModelOutline(info, graph);
  }

  /** With what its adapters add. */
  public Graph graph() {
    return graph;
  }

  /** In the order of their numbers, which begin with 1. */
  public List<AdapterInfo> adapters() {
    return adapters.infos();
  }

  /** What who uses the adapters should know. */
  public List<String> adapterNotes() {
    return adapters.notes();
  }

  /** Size of the files, those of adapters included. */
  public long bytes() {
    return source.fileBytes() + adapters.fileBytes();
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The file's own; one that does not compile says so when it is asked for. */
  public Optional<ChatTemplate> chatTemplate() {
    return chatTemplate;
  }

  /** Writes questions and texts for models that judge one by the other. */
  public Pairs pairs() {
    Metadata metadata = source.metadata();
    return new Pairs(
        tokenizer,
        metadata.has(PAIR_TEMPLATE_KEY)
            ? Optional.of(metadata.string(PAIR_TEMPLATE_KEY))
            : Optional.empty(),
        metadata.intOr(SECOND_TEXT_KEY, 0));
  }

  /**
   * @throws SoleboxException {@code MODEL_FILE_CHANGED} if the file is no longer what was mapped
   */
  public void checkUnchanged() {
    source.checkUnchanged();
    adapters.checkUnchanged();
  }

  @Override
  public void close() {
    adapters.close();
    source.close();
  }
}
