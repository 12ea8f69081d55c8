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
    KvType kvType,
    Activations activations,
    long memoryBudgetBytes) {

  /** The same with another longest sequence. */
  public Limits withContext(int tokens) {
    return new Limits(
        tokens,
        maxStepTokens,
        maxSequences,
        maxRows,
        kvTokens,
        kvType,
        activations,
        memoryBudgetBytes);
  }

  /** The same with room for other many tokens. */
  public Limits withKvTokens(long tokens) {
    return new Limits(
        maxSequenceTokens,
        maxStepTokens,
        maxSequences,
        maxRows,
        tokens,
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
        kvType,
        activations,
        bytes);
  }
}
