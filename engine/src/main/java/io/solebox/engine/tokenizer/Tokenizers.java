package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.tokenizer.SpecialTokens.BosRule;
import java.util.List;
import java.util.OptionalInt;

/** Builds the tokenizer that a model file describes. */
public final class Tokenizers {
  private static final String NAMESPACE = "tokenizer.ggml";
  private static final String MODEL_KEY = "model";
  private static final String PRE_KEY = "pre";
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
          case "gpt2" -> bytePair(keys, keys.textOr(PRE_KEY, UNSTATED_PRE));
          case "gemma4" -> {
            keys.has(PRE_KEY); // the kind says it all
            yield bytePair(keys, model);
          }
          default -> throw unsupported(keys, MODEL_KEY, model, "gemma4, gpt2, llama");
        };
    keys.requireAllRead();
    return tokenizer;
  }

  private static GgufTokenizer sentencePiece(Keys keys) {
    keys.has(PRE_KEY); // some converters write it here too; it is about byte-level BPE
    Vocabulary vocabulary = Vocabulary.read(keys);
    SpecialTokens.Defaults defaults =
        new SpecialTokens.Defaults(
            OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(0), BosRule.YES);
    SpecialTokens special = SpecialTokens.resolve(keys, vocabulary, defaults);
    int unknown = Math.min(keys.id("unknown_token_id").orElse(0), vocabulary.size() - 1);
    TextModel model = new SpmModel(vocabulary, keys.flagOr(SPACE_KEY, true), unknown);
    return new GgufTokenizer(vocabulary, model, special, List.of());
  }

  private static GgufTokenizer bytePair(Keys keys, String pre) {
    boolean stated = !pre.equals(UNSTATED_PRE);
    BpeFamily family = stated ? family(keys, pre) : BpeFamily.UNSTATED;
    Vocabulary vocabulary = Vocabulary.read(keys);
    SpecialTokens.Defaults defaults =
        new SpecialTokens.Defaults(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), family.bos());
    SpecialTokens special = SpecialTokens.resolve(keys, vocabulary, defaults);
    boolean none = pre.equals(WITHOUT_MERGES) && !keys.has(MergeTable.MERGES_KEY);
    MergeTable merges =
        none
            ? new MergeTable(vocabulary.index(), vocabulary.size(), 0)
            : MergeTable.read(keys, vocabulary);
    TextModel model =
        new BpeModel(new SymbolTable(family.unit(), vocabulary, merges), family.way());
    return new GgufTokenizer(vocabulary, model, special, stated ? List.of() : notes(keys));
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
