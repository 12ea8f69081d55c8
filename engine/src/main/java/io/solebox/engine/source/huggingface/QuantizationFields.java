package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Map;

/**
 * What {@code quantization_config} says of all matrices. What tensors say themselves, and how the
 * weights were found, is passed over; a field that nobody knows refuses the model.
 */
final class QuantizationFields {
  private static final String REMEDY =
      "Use the model in BF16, GPTQ, AWQ, FP8 or compressed-tensors, or a GGUF file of it.";

  /** How weights are stored. */
  enum Method {
    GPTQ,
    AWQ,
    OTHER
  }

  private QuantizationFields() {}

  /**
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for a method that is not known, and for
   *     fields that ask for what is not computed
   */
  static Method read(Config c) {
    Method method = method(c);
    refused(c, "transform_config", "turns activations before they are multiplied");
    refused(c, "rotation", "turns activations before they are multiplied");
    refused(c, "adapter", "adds an adapter to the matrices");
    refused(c, "extra_config", "stores some matrices in another way");
    overrides(c);
    c.require("is_marlin_format", false);
    c.require("pack_dtype", "int32");
    c.require("data_type", "int");
    c.require("fmt", "e4m3");
    groups(c);
    passOver(c);
    c.requireAllRead();
    return method;
  }

  private static Method method(Config c) {
    String name = c.textOr("none", "quant_method");
    return switch (name) {
      case "gptq" -> Method.GPTQ;
      case "awq" -> Method.AWQ;
      case "none", "fp8", "compressed-tensors", "mxfp4", "fbgemm_fp8" -> Method.OTHER;
      default ->
          throw unsupported(
              c.place("quant_method"),
              "the weights are quantized by " + Printable.name(name) + ", which is not known");
    };
  }

  static SoleboxException unsupported(String place, String message) {
    return new SoleboxException(ErrorCode.UNSUPPORTED_MODEL, place, message, REMEDY);
  }

  private static void refused(Config c, String name, String why) {
    Object value = c.find(name).orElse(List.of());
    boolean isEmpty =
        value instanceof List<?> list && list.isEmpty()
            || value instanceof Map<?, ?> map && map.isEmpty();
    if (!isEmpty) {
      throw unsupported(c.place(name), why + ", which is not computed");
    }
  }

  /** Of GPTQModel: patterns of names, of which those with a minus leave matrices as they are. */
  private static void overrides(Config c) {
    Object patterns = c.find("dynamic").orElse(Map.of());
    if (patterns instanceof Map<?, ?> map) {
      for (Object pattern : map.keySet()) {
        if (!String.valueOf(pattern).startsWith("-:")) {
          throw unsupported(
              c.place("dynamic"),
              "stores some matrices in another way (%s)"
                  .formatted(Printable.name(String.valueOf(pattern))));
        }
      }
    } else if (!patterns.equals(false)) {
      throw c.bad("dynamic", "must be an object");
    }
  }

  /** Of compressed-tensors; shapes and types of the tensors say bits, groups and zero points. */
  private static void groups(Config c) {
    c.object("config_groups")
        .ifPresent(
            groups -> {
              for (String name : groups.names()) {
                if (groups.find(name).orElse(false) instanceof Map<?, ?>) {
                  groups.object(name).ifPresent(QuantizationFields::group);
                }
              }
            });
  }

  private static void group(Config group) {
    group.find("targets", "format", "input_activations", "output_activations");
    group
        .object("weights")
        .ifPresent(
            w -> {
              w.find("num_bits", "type", "symmetric", "group_size", "strategy", "dynamic");
              w.find("actorder", "block_structure", "scale_dtype", "zp_dtype");
              w.find("observer", "observer_kwargs");
            });
  }

  private static void passOver(Config c) {
    // Read where the matrices are, or what these say themselves.
    c.find("bits", "w_bit", "group_size", "q_group_size", "sym", "zero_point", "version");
    c.find("checkpoint_format", "format", "desc_act", "lm_head", "weight_block_size");
    c.find("ignore", "ignored_layers", "modules_to_not_convert", "block_name_to_quantize");
    c.find("modules_in_block_to_quantize", "quant_block_list", "to_quant_block_names");
    c.find("sparsity_config", "scale_dtype", "scale_fmt", "packing_format");
    // Activations and the cache are not rounded here.
    c.find("activation_scheme", "activation_scale_ub", "kv_cache_scheme", "act_bits");
    c.find("act_group_size", "act_sym", "act_dynamic", "act_data_type");
    // How the weights were found, and how other programs compute with them.
    c.find("damp_percent", "damp_auto_increment", "static_groups", "true_sequential", "meta");
    c.find("model_name_or_path", "model_file_base_name", "quantizer", "dataset", "tokenizer");
    c.find("mse", "parallel_packing", "cache_block_outputs", "module_name_preceding_first_block");
    c.find("max_input_length", "batch_size", "pad_token_id", "model_seqlen", "backend");
    c.find("use_exllama", "exllama_config", "disable_exllama", "use_cuda_fp16", "true_sequential");
    c.find("do_fuse", "fuse_max_seq_len", "modules_to_fuse", "dequantize", "run_compressed");
    c.find("quantization_status", "global_compression_ratio", "autoround_version", "iters", "lr");
    c.find("minmax_lr", "nsamples", "seqlen", "amp", "low_gpu_mem_usage", "train_bs");
    c.find("enable_quanted_input", "enable_minmax_tuning", "not_use_best_mse", "super_bits");
    c.find("gradient_accumulate_steps", "super_group_size", "low_cpu_mem_usage");
  }
}
