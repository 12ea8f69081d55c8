package io.solebox.engine.source;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a file may hold although nobody asks for it, each with the reason why answers do not depend
 * on it. Everything else that is not asked for refuses the file. Meanings are those of llama.cpp
 * (ggml-org/llama.cpp: src/llama-arch.cpp, src/llama-model.cpp).
 */
public final class Harmless {
  /**
   * A key without its namespace.
   *
   * @param values with which it is harmless
   */
  private record Key(Pattern name, Predicate<MetadataValue> values, String reason) {}

  private record Tensor(Pattern name, String reason) {}

  /** Of the namespace of an architecture. */
  private static final List<Key> HYPERPARAMETERS =
      List.of(
          always("context_length", "limits a sequence; ModelInfo has it"),
          always("vocab_size", "the tokens themselves are counted"),
          always(
              "(expert_|expert_shared_)?feed_forward_length", "the shapes of the tensors say it"),
          always("embedding_length", "the shapes of the tensors say it"),
          always(
              "rope\\.scaling\\.original_context_length", "only YaRN and longrope compute by it"),
          always("rope\\.scaling\\.finetuned", "tells of the training"),
          always("attention\\.layer_norm_(rms_)?epsilon", "norms of the other kind have their own"),
          always("classifier\\.output_labels", "names what the classifier gives"),
          text("tensor_data_layout", "Meta AI original pth", "the usual order of rows"),
          number("expert_(used_|shared_|group_|group_used_)?count", "no experts", 0),
          number("leading_dense_block_count", "no experts", 0),
          number("nextn_predict_layers", "no layers that guess ahead", 0),
          number("attention\\.max_alibi_bias", "none", 0),
          number("attention\\.clamp_kqv", "no limit", 0),
          number("(attn|final|router)_logit_softcapping", "no cap", 0),
          number("attention\\.scale", "0 stands for the usual scale", 0),
          number("(logit|residual|embedding)_scale", "no scale", 0, 1),
          number("attention\\.(output|value)_scale", "no scale", 0, 1),
          number("rope\\.scaling\\.attn_factor", "no scale", 1),
          number("rope\\.scaling\\.yarn_log_multiplier", "no scale", 0),
          flag("attention\\.causal", true, "as every decoder"),
          flag("use_parallel_residual", false, "not used"),
          flag("swin_norm", false, "not used"));

  /** Of {@code tokenizer.ggml}. */
  private static final List<Key> TOKENIZER =
      List.of(
          always("\\w+_token_ids?", "names a token for a purpose that no text becomes tokens by"),
          always("add_(?!sep)\\w+_token", "adds a token that only other kinds of model take"),
          always("add_space_prefix", "byte-level BPE puts none"),
          always("merges", "SentencePiece joins by scores"),
          always("token_type_count", "of sentence pairs, in BERT"),
          always("added_tokens", "the list of tokens has them too"),
          always("remove_extra_whitespaces", "read by Unigram tokenizers only"),
          always("precompiled_charsmap", "read by Unigram tokenizers only"),
          flag("add_sep_token", false, "not added"),
          flag("normalizer\\.\\w+", false, "not normalized"),
          new Key(
              Pattern.compile("suppress_tokens"),
              value -> value instanceof MetadataValue.Array array && array.size() == 0,
              "none is suppressed"));

  private static final List<Tensor> TENSORS =
      List.of(
          new Tensor(
              Pattern.compile("blk\\.\\d+\\.attn_rot_embd.*"),
              "the frequencies of the rotation, which are computed from the keys"),
          new Tensor(
              Pattern.compile("(v|mm|a)\\..*"),
              "reads pictures or sound; texts are answered without it"));

  private Harmless() {}

  private static Key always(String name, String reason) {
    return new Key(Pattern.compile(name), _ -> true, reason);
  }

  private static Key text(String name, String neutral, String reason) {
    return new Key(
        Pattern.compile(name), value -> value.equals(new MetadataValue.Text(neutral)), reason);
  }

  private static Key flag(String name, boolean neutral, String reason) {
    return new Key(
        Pattern.compile(name), value -> value.equals(new MetadataValue.Bool(neutral)), reason);
  }

  private static Key number(String name, String reason, double... neutral) {
    return new Key(Pattern.compile(name), value -> isOneOf(value, neutral), reason);
  }

  private static boolean isOneOf(MetadataValue value, double... neutral) {
    double number =
        switch (value) {
          case MetadataValue.Whole whole -> whole.value();
          case MetadataValue.Real real -> real.value();
          case MetadataValue.Bool _, MetadataValue.Text _, MetadataValue.Array _ -> Double.NaN;
        };
    for (double one : neutral) {
      if (number == one) {
        return true;
      }
    }
    return false;
  }

  static boolean key(String namespace, String name, MetadataValue value) {
    List<Key> known = namespace.startsWith("tokenizer.") ? TOKENIZER : HYPERPARAMETERS;
    return known.stream()
        .anyMatch(key -> key.name().matcher(name).matches() && key.values().test(value));
  }

  /** Why the tensor may be left out; empty where it may not. */
  public static Optional<String> tensor(String name) {
    return TENSORS.stream()
        .filter(tensor -> tensor.name().matcher(name).matches())
        .map(Tensor::reason)
        .findFirst();
  }
}
