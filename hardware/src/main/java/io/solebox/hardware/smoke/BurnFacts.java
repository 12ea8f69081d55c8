package io.solebox.hardware.smoke;

import java.util.Optional;

/**
 * What a card computed.
 *
 * @param kind as in {@code f16_matrix}: what is multiplied, and what multiplies it
 * @param title for people, as in {@code f16 on matrix units}
 * @param operationsPerSecond without the first seconds
 * @param checked numbers that were compared with what they must be
 * @param wrong of them
 * @param firstWrong where the first of them was, in words
 */
public record BurnFacts(
    String kind,
    String title,
    double operationsPerSecond,
    long checked,
    long wrong,
    Optional<String> firstWrong) {}
