package io.solebox.engine.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One step's input: prefill chunks and decode tokens of several sequences, mixed. The tokens of a
 * sequence stand together with ascending, gapless positions; everything before the first of them is
 * in the KV cache already.
 *
 * @param tokens token ids [T]
 * @param positions position of each token in its sequence [T]
 * @param sequenceOf index into {@code blockTables} of each token [T]
 * @param blockTables per sequence the KV blocks in order: position p is in {@code blockTables[s][p
 *     / KvBlocks.TOKENS]}. A table may be longer than needed
 * @param rows what is wanted of which token, ascending by token
 * @param input where the first op finds its data
 */
public record Batch(
    int[] tokens,
    int[] positions,
    int[] sequenceOf,
    int[][] blockTables,
    List<RowRequest> rows,
    Input input) {

  /** What a stage begins with. */
  public sealed interface Input {
    /** A first stage embeds {@link Batch#tokens()}. */
    record Tokens() implements Input {}

    /** A later stage takes the hidden state f32 [T, E] that the stage before it gave. */
    record Hidden(MemorySegment hidden) implements Input {}
  }

  /** T. */
  public int size() {
    return tokens.length;
  }
}
