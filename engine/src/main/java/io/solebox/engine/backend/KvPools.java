package io.solebox.engine.backend;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.memory.MemoryUse;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how many KV blocks a plan gets, the same way on every backend: a pool for each group of
 * keeps, all for the same number of tokens.
 */
public final class KvPools {
  private final List<KeepGroup> groups;
  private final Estimate estimate;
  private final Limits limits;

  private KvPools(List<KeepGroup> groups, Estimate estimate, Limits limits) {
    this.groups = groups;
    this.estimate = estimate;
    this.limits = limits;
  }

  /**
   * Blocks per group: as many as wished, or as the budget leaves beside all else.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY} when not even one longest sequence fits, with
   *     the numbers and with the context that would fit
   */
  public static List<Integer> blocks(List<KeepGroup> groups, Estimate estimate, Limits limits) {
    return new KvPools(groups, estimate, limits).blocks();
  }

  /**
   * Tokens that get room: as many as wished, or as the budget leaves beside all else.
   *
   * @return whole blocks of tokens
   * @throws SoleboxException as {@link #blocks}
   */
  public static long fitting(List<KeepGroup> groups, Estimate estimate, Limits limits) {
    return new KvPools(groups, estimate, limits).fitting();
  }

  /**
   * What a plan takes.
   *
   * @param tokens of all sequences together
   */
  public static MemoryUse use(
      List<KeepGroup> groups, Estimate estimate, Limits limits, long tokens) {
    var pools = new KvPools(groups, estimate, limits);
    return new MemoryUse(
        estimate.weightBytes(),
        estimate.mappedBytes(),
        saturatedSum(pools.bytes(tokens), pools.slotBytes()),
        estimate.scratchBytes());
  }

  /** Tokens of all sequences together that pools of these sizes hold, at most as many as wished. */
  public static long tokens(List<KeepGroup> groups, Limits limits, List<Integer> blocks) {
    long tokens = limits.kvTokens();
    for (KeepGroup group : groups) {
      int pool = blocks.get(group.index());
      if (group.window().isEmpty() || pool < windows(group, limits)) {
        tokens = Math.min(tokens, (long) pool * KvBlocks.TOKENS);
      }
    }
    return tokens;
  }

  private long fitting() {
    long needed = limits.maxSequenceTokens();
    if (bytes(needed) > free()) {
      throw outOfMemory();
    }
    return largestThatFits(free(), Math.max(needed, limits.kvTokens()));
  }

  private List<Integer> blocks() {
    long tokens = fitting();
    List<Integer> blocks = new ArrayList<>();
    for (KeepGroup group : groups) {
      blocks.add((int) Math.min(Integer.MAX_VALUE, blocks(group, tokens)));
    }
    return blocks;
  }

  /** What is left for keys and values. */
  private long free() {
    return limits.memoryBudgetBytes() - estimate.fixedBytes() - slotBytes();
  }

  private long slotBytes() {
    return limits.maxSequences() * estimate.sequenceBytes();
  }

  /** The pool of a window need not hold more than all sequences can see at once. */
  private long blocks(KeepGroup group, long tokens) {
    long all = KvBlocks.forTokens(tokens);
    return group.window().isEmpty() ? all : Math.min(all, windows(group, limits));
  }

  /** Blocks that all sequences together can see at once. */
  private static long windows(KeepGroup group, Limits limits) {
    int most = group.mostPositions(limits.maxSequenceTokens(), limits.maxStepTokens());
    // One more, since a window begins and ends anywhere in a block.
    return limits.maxSequences() * (KvBlocks.forTokens((long) most) + 1);
  }

  private long bytes(long tokens) {
    long bytes = 0;
    for (KeepGroup group : groups) {
      long each = estimate.kvBytesPerBlock().get(group.index());
      bytes = saturatedSum(bytes, saturatedProduct(blocks(group, tokens), each));
    }
    return bytes;
  }

  /** Whole blocks of tokens, at most {@code most}, whose pools take no more than {@code free}. */
  private long largestThatFits(long free, long most) {
    long fits = 0;
    long above = KvBlocks.forTokens(most) + 1;
    while (above - fits > 1) {
      long middle = (fits + above) >>> 1;
      if (bytes(middle * KvBlocks.TOKENS) <= free) {
        fits = middle;
      } else {
        above = middle;
      }
    }
    return fits * KvBlocks.TOKENS;
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static long saturatedProduct(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  private SoleboxException outOfMemory() {
    MemoryUse least = use(groups, estimate, limits, limits.maxSequenceTokens());
    long all = saturatedSum(estimate.fixedBytes(), least.stateBytes());
    String message =
        "The model needs %s (weights %s, KV cache for %d tokens %s, scratch %s), but only %s are free."
            .formatted(
                MemoryUse.mib(all),
                MemoryUse.mib(estimate.weightBytes() + estimate.mappedBytes()),
                limits.maxSequenceTokens(),
                MemoryUse.mib(least.stateBytes()),
                MemoryUse.mib(estimate.scratchBytes()),
                MemoryUse.mib(limits.memoryBudgetBytes()));
    long affordable = largestThatFits(free(), limits.maxSequenceTokens());
    String remedy =
        affordable > 0
            ? "Use --context " + affordable + " or less, or a smaller --kv-type."
            : "Use a smaller --context, a smaller model or a smaller quantization.";
    return new SoleboxException(ErrorCode.OUT_OF_MEMORY, "", message, remedy);
  }
}
