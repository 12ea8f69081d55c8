package io.solebox.engine.backend;

/**
 * The largest step that a plan must be able to run, and how.
 *
 * @param maxSequenceTokens the longest sequence, prompt and answer together
 * @param maxStepTokens T of the largest step
 * @param maxSequences sequences in one step
 * @param maxRows rows that one step may ask for
 * @param kvTokens wished size of the KV cache, over all sequences; a plan may have less ({@link
 *     Plan#kvBlocks()}) if the budget is smaller, but never less than one longest sequence needs
 * @param snapshots wished places for copies of recurrent state, beside one for each sequence; a
 *     plan may have fewer ({@link Plan#slots()}), down to none
 * @param activations how exact matrix products must be; a backend whose products are in f32 anyway
 *     need not look
 * @param memoryBudgetBytes for weights, KV cache, recurrent state and scratch together
 */
public record Limits(
    int maxSequenceTokens,
    int maxStepTokens,
    int maxSequences,
    int maxRows,
    long kvTokens,
    int snapshots,
    KvType kvType,
    Activations activations,
    long memoryBudgetBytes) {

  /** Without snapshots. */
  public Limits(
      int maxSequenceTokens,
      int maxStepTokens,
      int maxSequences,
      int maxRows,
      long kvTokens,
      KvType kvType,
      Activations activations,
      long memoryBudgetBytes) {
    this(
        maxSequenceTokens,
        maxStepTokens,
        maxSequences,
        maxRows,
        kvTokens,
        0,
        kvType,
        activations,
        memoryBudgetBytes);
  }

  /** The same with other many snapshots. */
  public Limits withSnapshots(int wished) {
    return withRoom(new SequenceRoom(kvTokens, wished));
  }

  /** The same with another longest sequence. */
  public Limits withContext(int tokens) {
    return new Limits(
        tokens,
        maxStepTokens,
        maxSequences,
        maxRows,
        kvTokens,
        snapshots,
        kvType,
        activations,
        memoryBudgetBytes);
  }

  /** The same with other room for what sequences keep. */
  public Limits withRoom(SequenceRoom room) {
    return new Limits(
        maxSequenceTokens,
        maxStepTokens,
        maxSequences,
        maxRows,
        room.tokens(),
        room.snapshots(),
        kvType,
        activations,
        memoryBudgetBytes);
  }

  /** The same on a device with other memory. */
  public Limits withMemoryBudget(long bytes) {
    return new Limits(
        maxSequenceTokens,
        maxStepTokens,
        maxSequences,
        maxRows,
        kvTokens,
        snapshots,
        kvType,
        activations,
        bytes);
  }
}
