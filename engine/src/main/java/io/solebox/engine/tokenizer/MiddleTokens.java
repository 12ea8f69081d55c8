package io.solebox.engine.tokenizer;

/**
 * Ids of the tokens that tell a model to fill in what is missing in the middle of a text (Bavarian
 * et al., arXiv:2207.14255).
 *
 * @param prefix in front of what comes before
 * @param suffix in front of what comes behind
 * @param middle where the missing part begins
 */
public record MiddleTokens(int prefix, int suffix, int middle) {}
