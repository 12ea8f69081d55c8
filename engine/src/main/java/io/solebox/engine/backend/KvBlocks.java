package io.solebox.engine.backend;

/** The paging of the KV cache, the same on every backend so that block tables mean one thing. */
public final class KvBlocks {
  /** Positions per block. */
  public static final int TOKENS = 32;

  private KvBlocks() {}

  /** Blocks that hold {@code tokens} positions. */
  public static int forTokens(int tokens) {
    return Math.ceilDiv(tokens, TOKENS);
  }

  /** Blocks that hold {@code tokens} positions of many sequences together. */
  public static long forTokens(long tokens) {
    return Math.ceilDiv(tokens, (long) TOKENS);
  }
}
