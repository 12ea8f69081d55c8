package io.solebox.engine.backend;

/**
 * Memory that a plan needs, in bytes.
 *
 * @param weightBytes weights resident beside the model's mapping (0 where they are used in place)
 * @param kvBytesPerBlock one KV block of {@link KvBlocks#TOKENS} positions over all layers of the
 *     graph
 * @param scratchBytes activations of the largest step
 */
public record Estimate(long weightBytes, long kvBytesPerBlock, long scratchBytes) {}
