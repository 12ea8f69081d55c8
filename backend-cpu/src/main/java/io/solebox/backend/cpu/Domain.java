package io.solebox.backend.cpu;

import io.solebox.engine.backend.Limits;

/** What the rows of a buffer stand for. */
enum Domain {
  /** A row per token of the step. */
  TOKENS,
  /** A row per row that the batch asks for. */
  REQUESTS,
  /** A row per block of the KV cache; kept from step to step. */
  KV_BLOCKS;

  /** Rows in the largest step. */
  int most(Limits limits, int kvBlocks) {
    return switch (this) {
      case TOKENS -> limits.maxStepTokens();
      case REQUESTS -> limits.maxRows();
      case KV_BLOCKS -> kvBlocks;
    };
  }

  /** Rows in this step. */
  int rows(Frame frame) {
    return switch (this) {
      case TOKENS -> frame.tokens();
      case REQUESTS -> frame.rows();
      case KV_BLOCKS -> throw new IllegalStateException("blocks are found through block tables");
    };
  }
}
