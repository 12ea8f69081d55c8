package io.solebox.engine.backend;

import java.util.List;

/**
 * One step's input: prefill chunks and decode tokens of several sequences, mixed. The tokens of a
 * sequence stand together with ascending, gapless positions; everything before the first of them is
 * in the sequence's memory already.
 *
 * @param tokens token ids [T]
 * @param positions position of each token in its sequence [T]
 * @param sequenceOf index into {@code sequences} of each token [T]
 * @param sequences those that have a part in this step, and where their memory is
 * @param rows what is wanted of which token, ascending by token
 * @param input where the first op finds its data
 */
public record Batch(
    int[] tokens,
    int[] positions,
    int[] sequenceOf,
    List<Sequence> sequences,
    List<RowRequest> rows,
    Input input) {

  /**
   * Where a sequence's memory is.
   *
   * @param blocksOfGroup per group of the graph the blocks in order: position p is in {@code
   *     blocksOfGroup[g][p / KvBlocks.TOKENS]}. A table may be longer than needed; what it says of
   *     positions that no token of this step sees means nothing
   * @param slot of its recurrent state; means nothing where the graph has none
   * @param variant of the model that computes it: the number of an adapter, 0 for the model alone
   */
  public record Sequence(int[][] blocksOfGroup, int slot, int variant) {
    /** Of the model alone. */
    public Sequence(int[][] blocksOfGroup, int slot) {
      this(blocksOfGroup, slot, 0);
    }
  }

  /** What a stage begins with. */
  public sealed interface Input {
    /** A first stage embeds {@link Batch#tokens()}. */
    record Tokens() implements Input {}

    /** A later stage takes the hidden state f32 [T, E] that the stage before it gave. */
    record Hidden(HiddenPlace place) implements Input {}
  }

  /** The same tokens and sequences for a stage that begins with something else. */
  public Batch withInput(Input other) {
    return new Batch(tokens, positions, sequenceOf, sequences, rows, other);
  }

  /** T. */
  public int size() {
    return tokens.length;
  }

  /** The sequence of token {@code t}. */
  public Sequence sequence(int t) {
    return sequences.get(sequenceOf[t]);
  }

  /** The variant of the model that computes token {@code t}. */
  public int variant(int t) {
    return sequence(t).variant();
  }

  /** The variant of the model that computes what is wanted in row {@code r}. */
  public int variantOfRow(int r) {
    return variant(rows.get(r).token());
  }

  /** The token after the last one of the sequence that token {@code t} belongs to. */
  public int sequenceEnd(int t) {
    int end = t + 1;
    while (end < tokens.length && sequenceOf[end] == sequenceOf[t]) {
      end++;
    }
    return end;
  }

  /** The first token of the sequence that token {@code t} belongs to. */
  public int sequenceStart(int t) {
    int start = t;
    while (start > 0 && sequenceOf[start - 1] == sequenceOf[t]) {
      start--;
    }
    return start;
  }
}
