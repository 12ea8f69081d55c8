package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What config.json may hold although nobody asks for it, each with the reason why answers do not
 * depend on it. Everything else that is not asked for refuses the model. Meanings are those of
 * transformers (huggingface/transformers: src/transformers/configuration_utils.py).
 */
final class HarmlessFields {
  /**
   * A field by its name.
   *
   * @param values with which it is harmless
   */
  private record Field(Pattern name, Predicate<Object> values, String reason) {}

  private static final List<Field> FIELDS =
      List.of(
          always(
              "_name_or_path|transformers_version|_.*_version|auto_map|_commit_hash",
              "tells of the file"),
          always("architectures|model_type", "the family is known by it"),
          always("(torch_)?dtype", "the tensors say it"),
          always(
              "(bos|eos|pad|unk|sep|cls|mask|eod|decoder_start|begin_suppress)_token_id",
              "the tokenizer's files have them"),
          always(
              "(image|video|audio|vision|boi|eoi|boa|eoa|img|image_end|mm)_.*",
              "reads pictures or sound"),
          always(
              "(vision|audio|perception|projector)_?config|projector_.*|multimodal_.*|vision_feature_.*|spatial_merge_size",
              "reads pictures or sound"),
          always("initializer_.*|init_.*|rescale_.*|.*_init_.*", "how training began"),
          always(".*(dropout|_pdrop|jitter_noise).*", "of training"),
          always(
              "(router_)?aux_loss_(coef|alpha)|router_z_loss_coef|output_router_logits|seq_aux",
              "of training"),
          always(
              "use_cache|return_dict|output_(attentions|hidden_states|scores)|torchscript",
              "how transformers computes"),
          always(
              "gradient_checkpointing|use_bfloat16|attn_implementation|_attn_.*|.*attn_implementation|use_flash_attn|pretraining_tp|ep_size|tp_plan|cache_implementation",
              "how transformers computes"),
          always(
              "output_past|chunk_size_feed_forward|pruned_heads|tf_legacy_loss|num_logits_to_keep|is_encoder_decoder|tie_encoder_decoder",
              "how transformers computes"),
          always(
              "(id2label|label2id|problem_type|finetuning_task|task_specific_params|num_labels)",
              "names what a classifier gives"),
          always(
              "max_new_tokens|(max|min)_length|num_beams.*|do_sample|temperature|top_[kp]|typical_p|repetition_penalty|length_penalty|no_repeat_ngram_size|encoder_no_repeat_ngram_size|bad_words_ids|num_return_sequences|early_stopping|diversity_penalty|forced_.*|remove_invalid_values|exponential_decay_length_penalty|suppress_tokens|begin_suppress_tokens|prefix",
              "how answers are chosen; generation_config.json says it today"),
          always(
              "max_window_layers", "of windows, which are not used without the field that says so"),
          new Field(
              Pattern.compile("layer_types"),
              value ->
                  value instanceof List<?> list && list.stream().allMatch("full_attention"::equals),
              "no layer has a window"),
          new Field(
              Pattern.compile("use_sliding_window|add_cross_attention|use_mrope"),
              Boolean.FALSE::equals,
              "not used"),
          always("tie_word_embeddings", "the source looks at it"),
          always(
              "sbert_ce_.*|sentence_transformers",
              "what is made of a cross-encoder's score, which stays as it is here"),
          always(
              "summary_.*|cross_attention_hidden_size|is_decoder",
              "of tasks that are none of ours"),
          always(
              "quantization_config|compression_config|model_max_length|unsloth_.*",
              "the source looks at it, or it tells of training"));

  private HarmlessFields() {}

  private static Field always(String name, String reason) {
    return new Field(Pattern.compile(name), _ -> true, reason);
  }

  static boolean has(String name, Object value) {
    return FIELDS.stream().anyMatch(f -> f.name().matcher(name).matches() && f.values().test(value))
        || value instanceof List<?> list && list.isEmpty()
        || value instanceof Map<?, ?> map && map.isEmpty();
  }
}
