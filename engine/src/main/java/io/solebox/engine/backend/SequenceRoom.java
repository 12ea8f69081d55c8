package io.solebox.engine.backend;

/**
 * How much room there is for what sequences keep.
 *
 * @param tokens of keys and values, over all sequences
 * @param snapshots copies of recurrent state, beside the state of each sequence
 */
public record SequenceRoom(long tokens, int snapshots) {
  /** What a plan is never made without: keys and values of one longest sequence. */
  public static SequenceRoom least(Limits limits) {
    return new SequenceRoom(limits.maxSequenceTokens(), 0);
  }

  public static SequenceRoom wished(Limits limits) {
    long tokens = Math.max(limits.maxSequenceTokens(), limits.kvTokens());
    return new SequenceRoom(tokens, limits.snapshots());
  }

  /** What there is room for both here and there. */
  public SequenceRoom and(SequenceRoom other) {
    return new SequenceRoom(Math.min(tokens, other.tokens), Math.min(snapshots, other.snapshots));
  }
}
