package io.solebox.server.knowledge.chunk;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/**
 * How long chunks are, in tokens of the embedding model.
 *
 * @param maxTokens so many at most
 * @param overlapTokens so many at most are also in the chunk before; none are where a section
 *     begins
 * @param contextTokens what the model takes at once, with the headings and the model's own tokens
 */
public record ChunkSizes(int maxTokens, int overlapTokens, int contextTokens) {
  /** The shortest text that any piece fits, whatever is written in it and however it is encoded. */
  private static final int LEAST_TOKENS = Atoms.MOST_BYTES;

  /** As OpenAI has it: more would repeat more than it adds. */
  private static final int MOST_OVERLAP = 2;

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if a character need not fit
   */
  public ChunkSizes {
    if (maxTokens < LEAST_TOKENS || contextTokens < 2 * LEAST_TOKENS || overlapTokens < 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "chunk size",
          "Chunks of %d tokens that share %d, in a context of %d, are too small."
              .formatted(maxTokens, overlapTokens, contextTokens),
          "Chunks take at least %d tokens, and a model that embeds them at least %d."
              .formatted(LEAST_TOKENS, 2 * LEAST_TOKENS));
    }
    overlapTokens = Math.min(overlapTokens, Math.min(maxTokens, contextTokens) / MOST_OVERLAP);
  }
}
