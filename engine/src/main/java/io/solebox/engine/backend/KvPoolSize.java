package io.solebox.engine.backend;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Locale;

/** Decides how many KV blocks a plan gets, the same way on every backend. */
public final class KvPoolSize {
  private KvPoolSize() {}

  /**
   * As many blocks as wished, or as the budget leaves beside weights and scratch.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY} when not even one longest sequence fits, with
   *     the numbers and with the context that would fit
   */
  public static int blocks(Estimate estimate, Limits limits) {
    long left = limits.memoryBudgetBytes() - estimate.weightBytes() - estimate.scratchBytes();
    long affordable = Math.max(0, left) / Math.max(1, estimate.kvBytesPerBlock());
    int needed = KvBlocks.forTokens(limits.maxSequenceTokens());
    if (affordable < needed) {
      throw outOfMemory(estimate, limits, affordable);
    }
    return (int) Math.min(affordable, Math.max(needed, limits.kvBlocks()));
  }

  private static SoleboxException outOfMemory(Estimate estimate, Limits limits, long affordable) {
    long kv = estimate.kvBytesPerBlock() * KvBlocks.forTokens(limits.maxSequenceTokens());
    String message =
        "The model needs %s (weights %s, KV cache for %d tokens %s, scratch %s), but only %s are free."
            .formatted(
                mib(estimate.weightBytes() + kv + estimate.scratchBytes()),
                mib(estimate.weightBytes()),
                limits.maxSequenceTokens(),
                mib(kv),
                mib(estimate.scratchBytes()),
                mib(limits.memoryBudgetBytes()));
    String remedy =
        affordable > 0
            ? "Use --context " + affordable * KvBlocks.TOKENS + " or less, or a smaller --kv-type."
            : "Use a smaller --context, a smaller model or a smaller quantization.";
    return new SoleboxException(ErrorCode.OUT_OF_MEMORY, "", message, remedy);
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
