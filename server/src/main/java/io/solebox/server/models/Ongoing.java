package io.solebox.server.models;

import io.solebox.engine.generation.SamplingParams;

/**
 * An answer that is being computed, as its reader has heard of it.
 *
 * @param number by which the model's answers are told apart
 * @param cached positions of the prompt that need not be computed
 * @param processed positions of the prompt that are there
 * @param generated tokens of the answer
 */
public record Ongoing(
    long number,
    SamplingParams params,
    int promptTokens,
    int cached,
    int processed,
    int generated) {}
