package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.gguf.GgufFile;
import io.solebox.engine.gguf.GgufMetadata;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Builds the tokenizer that a model file describes. */
public final class Tokenizers {
  private static final String MODEL_KEY = "tokenizer.ggml.model";
  private static final String PRE_KEY = "tokenizer.ggml.pre";
  private static final String SPACE_KEY = "tokenizer.ggml.add_space_prefix";

  /**
   * A family of byte-level BPE tokenizers.
   *
   * @param wholeWordsFirst as in {@link BpeModel}
   */
  private record Family(PreTokenizer preTokenizer, boolean wholeWordsFirst, boolean addsBos) {}

  private static final Family GPT2 = new Family(new Gpt2PreTokenizer(), false, false);
  private static final Family LLAMA3 = new Family(new Llama3PreTokenizer(3), true, true);
  private static final Family SMAUG = new Family(new Llama3PreTokenizer(3), false, false);
  private static final Family QWEN2 = new Family(new Llama3PreTokenizer(1), false, false);

  /** By {@code tokenizer.ggml.pre}; names in one line behave the same in llama.cpp. */
  private static final Map<String, Family> FAMILIES =
      Map.ofEntries(
          Map.entry("gpt-2", GPT2),
          Map.entry("mpt", GPT2),
          Map.entry("olmo", GPT2),
          Map.entry("jais", GPT2),
          Map.entry("phi-2", GPT2),
          Map.entry("exaone4", GPT2),
          Map.entry("llama-bpe", LLAMA3),
          Map.entry("llama3", LLAMA3),
          Map.entry("llama-v3", LLAMA3),
          Map.entry("falcon3", LLAMA3),
          Map.entry("falcon-h1", LLAMA3),
          Map.entry("pixtral", LLAMA3),
          Map.entry("lfm2", LLAMA3),
          Map.entry("smaug-bpe", SMAUG),
          Map.entry("dbrx", SMAUG),
          Map.entry("qwen2", QWEN2),
          Map.entry("deepseek-r1-qwen", QWEN2),
          Map.entry("megrez", QWEN2),
          Map.entry("stablelm2", QWEN2));

  private Tokenizers() {}

  /**
   * The tokenizer of {@code file}, which may be closed afterwards.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming an unknown kind and the known ones;
   *     {@code BAD_MODEL_FILE} naming file, offset and key
   */
  public static Tokenizer fromGguf(GgufFile file) {
    return fromMetadata(file.path(), file.metadata());
  }

  /**
   * As {@link #fromGguf}, for a file of which only the header was read.
   *
   * @param path for messages
   */
  public static Tokenizer fromMetadata(Path path, GgufMetadata metadata) {
    String model = metadata.string(MODEL_KEY);
    return switch (model) {
      case "llama" -> sentencePiece(metadata);
      case "gpt2" -> bytePair(path, metadata);
      default -> throw unsupported(path, MODEL_KEY, model, "gpt2, llama");
    };
  }

  private static GgufTokenizer sentencePiece(GgufMetadata metadata) {
    Vocabulary vocabulary = Vocabulary.read(metadata);
    SpecialTokens.Defaults defaults =
        new SpecialTokens.Defaults(OptionalInt.of(1), OptionalInt.of(2), true);
    SpecialTokens special = SpecialTokens.resolve(metadata, vocabulary, defaults);
    int unknown =
        Math.clamp(metadata.intOr("tokenizer.ggml.unknown_token_id", 0), 0, vocabulary.size() - 1);
    TextModel model = new SpmModel(vocabulary, metadata.boolOr(SPACE_KEY, true), unknown);
    return new GgufTokenizer(vocabulary, model, special);
  }

  private static GgufTokenizer bytePair(Path path, GgufMetadata metadata) {
    String pre = metadata.stringOr(PRE_KEY, "default");
    Family family = FAMILIES.get(pre);
    if (family == null) {
      String known = new TreeSet<>(FAMILIES.keySet()).stream().collect(Collectors.joining(", "));
      throw unsupported(path, PRE_KEY, pre, known);
    }
    Vocabulary vocabulary = Vocabulary.read(metadata);
    SpecialTokens.Defaults defaults =
        new SpecialTokens.Defaults(OptionalInt.empty(), OptionalInt.empty(), family.addsBos());
    SpecialTokens special = SpecialTokens.resolve(metadata, vocabulary, defaults);
    MergeTable merges = new MergeTable(metadata, vocabulary);
    TextModel model =
        new BpeModel(vocabulary, merges, family.preTokenizer(), family.wholeWordsFirst());
    return new GgufTokenizer(vocabulary, model, special);
  }

  private static SoleboxException unsupported(Path path, String key, String found, String known) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        path + ", key " + key,
        "the tokenizer is of kind " + found + ", which is not supported",
        "Known kinds are " + known + ".");
  }
}
