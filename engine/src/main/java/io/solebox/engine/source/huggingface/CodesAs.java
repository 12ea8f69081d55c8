package io.solebox.engine.source.huggingface;

/** What becomes of codes in formats that GGUF does not have: GPTQ, AWQ, FP8 and their like. */
public enum CodesAs {
  /** The nearest format that GGUF has, with the same values where one holds them. */
  NEAREST,
  /** The values that they stand for, in f32. */
  VALUES
}
