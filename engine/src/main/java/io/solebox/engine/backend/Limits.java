package io.solebox.engine.backend;

/**
 * The largest step that a plan must be able to run, and how.
 *
 * @param maxSequenceTokens the longest sequence, prompt and answer together
 * @param maxStepTokens T of the largest step
 * @param maxSequences sequences in one step
 * @param maxRows rows that one step may ask for
 * @param kvBlocks wished size of the KV pool; a plan may have fewer ({@link Plan#kvBlocks()}) if
 *     the budget is smaller, but never fewer than one longest sequence needs
 * @param activations how exact matrix products must be; a backend whose products are in f32 anyway
 *     need not look
 * @param memoryBudgetBytes for weights, KV cache and scratch together
 */
public record Limits(
    int maxSequenceTokens,
    int maxStepTokens,
    int maxSequences,
    int maxRows,
    int kvBlocks,
    KvType kvType,
    Activations activations,
    long memoryBudgetBytes) {

  /** The same on a device with other memory. */
  public Limits withMemoryBudget(long bytes) {
    return new Limits(
        maxSequenceTokens,
        maxStepTokens,
        maxSequences,
        maxRows,
        kvBlocks,
        kvType,
        activations,
        bytes);
  }
}
