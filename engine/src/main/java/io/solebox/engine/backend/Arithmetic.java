package io.solebox.engine.backend;

/**
 * What decides the bits of what a device computes, beside what it is given.
 *
 * @param kernels what computes, with its instruction set, as in {@code 512-bit vectors}
 * @param batchInvariant whether the logits of a token are, to the bit, a function of the ids before
 *     it alone: not of what else is in a step, of where chunks end, or of what came from a cache
 */
public record Arithmetic(String kernels, boolean batchInvariant) {}
