package io.solebox.engine;

import io.solebox.engine.backend.KvType;
import java.util.OptionalInt;

/**
 * How a model is loaded.
 *
 * @param contextTokens the longest sequence; empty for the smaller of what the model was trained
 *     for and {@value #DEFAULT_CONTEXT}
 * @param parallel longest sequences that fit the KV pool at once, and most sequences in a step
 * @param mapped whether the file is memory-mapped, or read into memory (storage that cannot be
 *     trusted)
 * @param stepTokens token budget of one step, prefill and decode together
 */
public record LoadOptions(
    OptionalInt contextTokens, KvType kvType, int parallel, boolean mapped, int stepTokens) {
  public static final int DEFAULT_CONTEXT = 8192;
  public static final int DEFAULT_STEP_TOKENS = 512;

  /** One sequence, F16 cache, mapped. */
  public static LoadOptions defaults() {
    return new LoadOptions(OptionalInt.empty(), KvType.F16, 1, true, DEFAULT_STEP_TOKENS);
  }

  public LoadOptions withContext(int tokens) {
    return new LoadOptions(OptionalInt.of(tokens), kvType, parallel, mapped, stepTokens);
  }

  public LoadOptions withKvType(KvType type) {
    return new LoadOptions(contextTokens, type, parallel, mapped, stepTokens);
  }

  public LoadOptions withParallel(int sequences) {
    return new LoadOptions(contextTokens, kvType, sequences, mapped, stepTokens);
  }

  public LoadOptions withMapped(boolean value) {
    return new LoadOptions(contextTokens, kvType, parallel, value, stepTokens);
  }

  public LoadOptions withStepTokens(int tokens) {
    return new LoadOptions(contextTokens, kvType, parallel, mapped, tokens);
  }
}
