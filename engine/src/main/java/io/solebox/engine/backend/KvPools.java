package io.solebox.engine.backend;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.memory.MemoryUse;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how many KV blocks and places for recurrent state a plan gets, the same way on every
 * backend: a pool of blocks for each group of keeps, all for the same number of tokens, and a place
 * for each sequence and each snapshot. Beyond what a plan is never made without, tokens and
 * snapshots share the memory: each is sure of half of it, and has what the other does not need.
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
   * Places for recurrent state: one for each sequence, and for as many snapshots as wished, or as
   * the budget leaves; 0 where the graph has none.
   *
   * @throws SoleboxException as {@link #blocks}
   */
  public static int slots(Graph graph, Estimate estimate, Limits limits) {
    return graph.hasSlots()
        ? limits.maxSequences() + fitting(graph.groups(), estimate, limits).snapshots()
        : 0;
  }

  /**
   * What gets room: as much as wished, or as the budget leaves beside all else.
   *
   * @return whole blocks of tokens
   * @throws SoleboxException as {@link #blocks}
   */
  public static SequenceRoom fitting(List<KeepGroup> groups, Estimate estimate, Limits limits) {
    return new KvPools(groups, estimate, limits).fitting();
  }

  /** What a plan with so much room takes. */
  public static MemoryUse use(
      List<KeepGroup> groups, Estimate estimate, Limits limits, SequenceRoom room) {
    var pools = new KvPools(groups, estimate, limits);
    long states = saturatedSum(pools.slotBytes(), room.snapshots() * estimate.sequenceBytes());
    return new MemoryUse(
        estimate.weightBytes(),
        estimate.mappedBytes(),
        saturatedSum(pools.bytes(room.tokens()), states),
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

  private SequenceRoom fitting() {
    long least = bytes(limits.maxSequenceTokens());
    if (least > free()) {
      throw outOfMemory();
    }
    long forSnapshots = snapshots((free() - least) / 2) * estimate.sequenceBytes();
    long wished = SequenceRoom.wished(limits).tokens();
    long tokens = largestThatFits(free() - forSnapshots, wished);
    return new SequenceRoom(tokens, snapshots(free() - bytes(tokens)));
  }

  /** Snapshots that so many bytes hold, at most as many as wished. */
  private int snapshots(long bytes) {
    long each = estimate.sequenceBytes();
    return each == 0 ? limits.snapshots() : (int) Math.min(limits.snapshots(), bytes / each);
  }

  private List<Integer> blocks() {
    long tokens = fitting().tokens();
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
    MemoryUse least = use(groups, estimate, limits, SequenceRoom.least(limits));
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
