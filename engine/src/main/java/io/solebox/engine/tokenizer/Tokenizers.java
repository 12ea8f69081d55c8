package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.tokenizer.SpecialTokens.BosRule;
import io.solebox.engine.tokenizer.SpecialTokens.End;
import io.solebox.engine.tokenizer.normalize.Charsmap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the tokenizer that a model file describes. */
public final class Tokenizers {
  private static final String HUGGING_FACE_FILE = "tokenizer.json";
  private static final String SENTENCE_PIECE_FILE = "tokenizer.model";
  private static final String NAMESPACE = "tokenizer.ggml";

  /** The whole of tokenizer.json in a GGUF file (ggml-org/ggml: docs/gguf.md). */
  private static final String CARRIED_KEY = "tokenizer.huggingface.json";

  private static final String MODEL_KEY = "model";
  private static final String PRE_KEY = "pre";
  private static final String UNKNOWN_KEY = "unknown_token_id";
  private static final String SPACE_KEY = "add_space_prefix";

  /** What converters wrote before they knew how a model's text is split; then they left it out. */
  private static final String UNSTATED_PRE = "default";

  private static final String UNSTATED_NOTE =
      "The file does not say how its text is split into words (tokenizer.ggml.pre is %s); it is "
          + "split as llama.cpp does then, which may not be what the model was trained with. A newer "
          + "conversion of the same model says it.";

  /** The only family whose merges some files leave out. */
  private static final String WITHOUT_MERGES = "kimi-k2";

  private Tokenizers() {}

  /** What makes a tokenizer. */
  private record Parts(
      Vocabulary vocabulary, TextModel model, SpecialTokens special, List<String> notes) {}

  /**
   * The tokenizer that a model's metadata describes.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming an unknown kind and the known ones,
   *     or keys that this version does not know; {@code BAD_MODEL_FILE} naming file, offset and key
   */
  public static Tokenizer of(Metadata metadata) {
    Keys keys = new Keys(metadata, NAMESPACE);
    String model = keys.text(MODEL_KEY);
    Parts parts =
        switch (model) {
          case "llama" -> sentencePiece(keys);
          case "bert" -> wordPiece(keys);
          case "t5" -> unigram(keys);
          case "gpt2" -> bytePair(keys, keys.textOr(PRE_KEY, UNSTATED_PRE));
          case "gemma4" -> {
            keys.has(PRE_KEY); // the kind says it all
            yield bytePair(keys, model);
          }
          default -> throw unsupported(keys, MODEL_KEY, model, "bert, gemma4, gpt2, llama, t5");
        };
    keys.requireAllRead();
    if (model.equals("bert") && metadata.has(CARRIED_KEY)) {
      return carried(metadata, parts);
    }
    SpaceEaters eaters = SpaceEaters.of(metadata, parts.vocabulary());
    return new VocabularyTokenizer(
        parts.vocabulary(),
        parts.model(),
        parts.special(),
        Frame.of(parts.special()),
        markers -> new SpecialSplitter(parts.vocabulary(), markers, eaters),
        parts.notes());
  }

  /**
   * The original tokenizer.json of a WordPiece vocabulary, which says exactly how text is
   * normalized.
   */
  private static Tokenizer carried(Metadata metadata, Parts parts) {
    byte[] json = metadata.string(CARRIED_KEY).getBytes(StandardCharsets.UTF_8);
    var original =
        new HuggingFaceFile(JsonFields.parse(metadata.place(CARRIED_KEY), json), TableRows.ANY);
    int size = parts.vocabulary().size();
    if (original.vocabulary().size() != size) {
      throw metadata.bad(
          CARRIED_KEY,
          "it has %d tokens, and the file %d".formatted(original.vocabulary().size(), size));
    }
    for (int id = 0; id < size; id++) {
      String text = original.vocabulary().text(id);
      String piece = text.startsWith("##") ? text.substring(2) : text;
      if (!parts.vocabulary().text(id).endsWith(piece)) {
        throw metadata.bad(CARRIED_KEY, "its token %d is not that of the file".formatted(id));
      }
    }
    return original.tokenizer(parts.special());
  }

  /**
   * The tokenizer of a model in the form of Hugging Face or SentencePiece.
   *
   * @param path a folder with tokenizer.json or tokenizer.model, or such a file; what
   *     tokenizer_config.json and the like beside it say of special tokens is read too
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code UNSUPPORTED_MODEL} naming the
   *     component that this version does not have, {@code BAD_MODEL_FILE} or {@code IO_ERROR}
   */
  public static Tokenizer of(Path path) {
    return of(path, TableRows.ANY);
  }

  /**
   * As {@link #of(Path)}, for a model whose table of embeddings has so many rows: further ones
   * belong to no token, and tokens that were added behind them to no model.
   *
   * @param most rows that belong to tokens; those behind them belong to the same ones
   * @throws SoleboxException likewise
   */
  public static Tokenizer of(Path path, int rows, int most) {
    return of(path, new TableRows(rows, most));
  }

  private static Tokenizer of(Path path, TableRows rows) {
    Path file = path;
    if (Files.isDirectory(path)) {
      Path json = path.resolve(HUGGING_FACE_FILE);
      file = Files.isRegularFile(json) ? json : path.resolve(SENTENCE_PIECE_FILE);
    }
    if (!Files.isRegularFile(file)) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          path.toString(),
          "There is no " + HUGGING_FACE_FILE + " and no " + SENTENCE_PIECE_FILE + " here.",
          "Name a folder that has one, or the file itself.");
    }
    HuggingFaceConfig config = HuggingFaceConfig.read(file.toAbsolutePath().getParent());
    if (!file.getFileName().toString().endsWith(".json")) {
      return SentencePieceFile.read(file, config, rows);
    }
    var json = new HuggingFaceFile(JsonFields.read(file), rows);
    return json.tokenizer(config.resolve(json.vocabulary(), Map.of()));
  }

  private static Parts sentencePiece(Keys keys) {
    keys.has(PRE_KEY); // some converters write it here too; it is about byte-level BPE
    Vocabulary vocabulary = Vocabulary.read(keys);
    Map<String, Integer> ids = Map.of("bos_token_id", 1, "eos_token_id", 2, UNKNOWN_KEY, 0);
    SpecialTokens special =
        SpecialTokens.resolve(
            keys, vocabulary, new SpecialTokens.Defaults(ids, BosRule.YES, End.NOTHING));
    TextModel model =
        new SpmModel(
            vocabulary,
            vocabulary.index(),
            keys.flagOr(SPACE_KEY, true),
            unknown(special, vocabulary));
    return new Parts(vocabulary, model, special, List.of());
  }

  /** What stands for text that no token covers; of a vocabulary without one, the first. */
  private static int unknown(SpecialTokens special, Vocabulary vocabulary) {
    return special.named().getOrDefault("unk_token", 0) % vocabulary.size();
  }

  private static Parts wordPiece(Keys keys) {
    keys.has(PRE_KEY);
    Vocabulary vocabulary = Vocabulary.read(keys);
    Map<String, Integer> ids =
        Map.of(
            "bos_token_id",
            101,
            UNKNOWN_KEY,
            100,
            "seperator_token_id",
            102,
            "padding_token_id",
            0,
            "mask_token_id",
            103);
    SpecialTokens special =
        SpecialTokens.resolve(
            keys, vocabulary, new SpecialTokens.Defaults(ids, BosRule.ALWAYS, End.SEPARATOR));
    boolean lowercase = keys.flagOr("normalizer.lowercase", true);
    TextModel model =
        new WordPieceModel(
            vocabulary,
            unknown(special, vocabulary),
            lowercase,
            keys.flagOr("normalizer.strip_accents", lowercase));
    return new Parts(vocabulary, model, special, List.of());
  }

  private static Parts unigram(Keys keys) {
    keys.has(PRE_KEY);
    Vocabulary vocabulary = Vocabulary.read(keys);
    Map<String, Integer> ids = Map.of("eos_token_id", 1, UNKNOWN_KEY, 2, "padding_token_id", 0);
    SpecialTokens special =
        SpecialTokens.resolve(
            keys, vocabulary, new SpecialTokens.Defaults(ids, BosRule.NO, End.EOS));
    var normalization =
        new UnigramModel.Normalization(
            charsmap(keys),
            keys.flagOr(SPACE_KEY, false),
            keys.flagOr("remove_extra_whitespaces", false));
    TextModel model = new UnigramModel(vocabulary, normalization, unknown(special, vocabulary));
    return new Parts(vocabulary, model, special, List.of());
  }

  private static Optional<Charsmap> charsmap(Keys keys) {
    String key = "precompiled_charsmap";
    if (!keys.has(key)) {
      return Optional.empty();
    }
    int[] values = keys.ints(key);
    byte[] blob = new byte[values.length];
    for (int i = 0; i < blob.length; i++) {
      blob[i] = (byte) values[i];
    }
    Optional<Charsmap> charsmap = Charsmap.of(blob);
    if (charsmap.isEmpty()) {
      throw keys.bad(key, "the normalization rules are cut short or no such rules");
    }
    return charsmap;
  }

  private static Parts bytePair(Keys keys, String pre) {
    boolean stated = !pre.equals(UNSTATED_PRE);
    BpeFamily family = stated ? family(keys, pre) : BpeFamily.UNSTATED;
    Vocabulary vocabulary = Vocabulary.read(keys);
    SpecialTokens special =
        SpecialTokens.resolve(
            keys, vocabulary, new SpecialTokens.Defaults(Map.of(), family.bos(), End.NOTHING));
    boolean none = pre.equals(WITHOUT_MERGES) && !keys.has(MergeTable.MERGES_KEY);
    MergeTable merges =
        none
            ? new MergeTable(vocabulary.index(), vocabulary.size(), 0)
            : MergeTable.read(keys, vocabulary);
    TextModel model =
        new BpeModel(
            vocabulary,
            new SymbolTable(SymbolTable.Rules.plain(family.unit()), vocabulary, merges),
            family.way());
    return new Parts(vocabulary, model, special, stated ? List.of() : notes(keys));
  }

  private static List<String> notes(Keys keys) {
    return List.of(UNSTATED_NOTE.formatted(keys.has(PRE_KEY) ? UNSTATED_PRE : "missing"));
  }

  private static BpeFamily family(Keys keys, String pre) {
    return BpeFamily.find(pre)
        .orElseThrow(() -> unsupported(keys, PRE_KEY, pre, String.join(", ", BpeFamily.names())));
  }

  private static SoleboxException unsupported(Keys keys, String key, String found, String known) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        keys.place(key),
        "the tokenizer is of kind " + Printable.name(found) + ", which is not supported",
        "Use a model of another kind; known are " + known + ".");
  }
}
