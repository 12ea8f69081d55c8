package io.solebox.store.convert;

import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.regex.Pattern;

/**
 * In what each tensor of a model is written (ggml-org/llama.cpp: conversion/base.py,
 * prepare_tensors): vectors, norms and a few small tables are always F32, since programs compute
 * with them so.
 */
final class TypeRules {
  private static final Pattern ALWAYS_F32 =
      Pattern.compile(
          "position_embd\\.weight|token_types\\.weight|(.*_norm|blk\\.\\d+\\.("
              + "ffn_gate_inp|ffn_gate_inp_shexp|ssm_conv1d|ssm_conv1d_[qkv]|shortconv\\.conv|"
              + "altup_correct_coef|altup_predict_coef|time_mix_\\w+))\\.weight");

  private TypeRules() {}

  /** Whether a tensor is F32 in every file. */
  static boolean isAlwaysF32(TensorInfo tensor) {
    return tensor.shape().size() < 2
        || !tensor.name().endsWith(".weight")
        || ALWAYS_F32.matcher(tensor.name()).matches();
  }

  /**
   * @param wanted for matrices
   * @return what a tensor is written in; codes of a format that GGUF has stay what they are
   */
  static TensorType of(TensorInfo tensor, TensorType wanted) {
    if (tensor.type().isQuantized()) {
      return tensor.type();
    }
    if (isAlwaysF32(tensor)) {
      return TensorType.F32;
    }
    return tensor.cols() % wanted.blockSize() == 0 ? wanted : TensorType.F16;
  }

  /** The format of the first matrix; of none, F32. */
  static TensorType first(List<TensorInfo> tensors) {
    return tensors.stream()
        .filter(tensor -> tensor.shape().size() > 1 && !tensor.type().isQuantized())
        .findFirst()
        .map(TensorInfo::type)
        .orElse(TensorType.F32);
  }
}
