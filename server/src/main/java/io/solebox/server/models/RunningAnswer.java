package io.solebox.server.models;

import io.solebox.server.limits.Payer;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * An answer that is not over, as an administrator sees it: never a word of it.
 *
 * @param number by which the model's answers are told apart
 * @param payer to whom it is charged
 * @param age since it was asked for
 * @param ahead how many are before it; empty where its turn has come
 * @param cached positions of the prompt that need not be computed
 * @param processed positions of the prompt that are there
 * @param generated tokens of the answer
 */
public record RunningAnswer(
    long number,
    Payer payer,
    Duration age,
    OptionalInt ahead,
    int promptTokens,
    int cached,
    int processed,
    int generated) {}
