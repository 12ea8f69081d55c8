package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Builds the tokenizer that a model file describes. */
public final class Tokenizers {
  private static final String NAMESPACE = "tokenizer.ggml";
  private static final String MODEL_KEY = "model";
  private static final String PRE_KEY = "pre";
  private static final String SPACE_KEY = "add_space_prefix";

  /** What converters wrote before they knew how a model's text is split; then they left it out. */
  private static final String UNKNOWN_PRE = "default";

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
   * The tokenizer that a model's metadata describes.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming an unknown kind and the known ones,
   *     or keys that this version does not know; {@code BAD_MODEL_FILE} naming file, offset and key
   */
  public static Tokenizer of(Metadata metadata) {
    Keys keys = new Keys(metadata, NAMESPACE);
    String model = keys.text(MODEL_KEY);
    GgufTokenizer tokenizer =
        switch (model) {
          case "llama" -> sentencePiece(keys);
          case "gpt2" -> bytePair(keys);
          default -> throw unsupported(keys, MODEL_KEY, model, "gpt2, llama");
        };
    keys.requireAllRead();
    return tokenizer;
  }

  private static GgufTokenizer sentencePiece(Keys keys) {
    keys.has(PRE_KEY); // some converters write it here too; it is about byte-level BPE
    Vocabulary vocabulary = Vocabulary.read(keys);
    SpecialTokens.Defaults defaults =
        new SpecialTokens.Defaults(OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(0), true);
    SpecialTokens special = SpecialTokens.resolve(keys, vocabulary, defaults);
    int unknown = Math.min(keys.id("unknown_token_id").orElse(0), vocabulary.size() - 1);
    TextModel model = new SpmModel(vocabulary, keys.flagOr(SPACE_KEY, true), unknown);
    return new GgufTokenizer(vocabulary, model, special);
  }

  private static GgufTokenizer bytePair(Keys keys) {
    Family family = family(keys);
    Vocabulary vocabulary = Vocabulary.read(keys);
    SpecialTokens.Defaults defaults =
        new SpecialTokens.Defaults(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), family.addsBos());
    SpecialTokens special = SpecialTokens.resolve(keys, vocabulary, defaults);
    MergeTable merges = new MergeTable(keys, vocabulary);
    TextModel model =
        new BpeModel(vocabulary, merges, family.preTokenizer(), family.wholeWordsFirst());
    return new GgufTokenizer(vocabulary, model, special);
  }

  private static Family family(Keys keys) {
    String pre = keys.textOr(PRE_KEY, UNKNOWN_PRE);
    if (pre.equals(UNKNOWN_PRE)) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          keys.place(PRE_KEY),
          "the file does not say how its text is split into words (its pre-tokenizer is "
              + (keys.has(PRE_KEY) ? UNKNOWN_PRE : "missing")
              + "), so it would read it wrongly; files of before May 2024 are older than this key",
          "Use a newer conversion of the same model.");
    }
    Family family = FAMILIES.get(pre);
    if (family == null) {
      String known = new TreeSet<>(FAMILIES.keySet()).stream().collect(Collectors.joining(", "));
      throw unsupported(keys, PRE_KEY, pre, known);
    }
    return family;
  }

  private static SoleboxException unsupported(Keys keys, String key, String found, String known) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        keys.place(key),
        "the tokenizer is of kind " + Printable.name(found) + ", which is not supported",
        "Use a model of another kind; known are " + known + ".");
  }
}
