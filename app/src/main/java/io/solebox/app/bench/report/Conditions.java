package io.solebox.app.bench.report;

/**
 * How it was measured.
 *
 * @param pace {@code quick}, {@code usual} or {@code full}
 * @param kvType how keys and values are kept
 * @param newTokens of an answer
 * @param clientPrompt tokens of the prompt of each of several clients
 * @param steadySeconds for which answers were made without a rest, at least, each time
 */
public record Conditions(
    String pace,
    int threads,
    String kvType,
    int newTokens,
    int clientPrompt,
    int repetitions,
    double steadySeconds) {}
