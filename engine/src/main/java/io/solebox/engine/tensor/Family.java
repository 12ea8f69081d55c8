package io.solebox.engine.tensor;

/**
 * What a quantized format is made of. Kernels are written for families, not for formats one by one:
 * a format is where a block keeps the codes and scales of its family ({@link CodedLayout}).
 */
public record Family(Codebook codes, Scales scales) {}
