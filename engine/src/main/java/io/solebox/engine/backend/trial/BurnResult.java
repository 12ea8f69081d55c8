package io.solebox.engine.backend.trial;

import java.time.Duration;
import java.util.Optional;

/**
 * What a device computed, and how much of it was wrong.
 *
 * @param elapsed from the first pass's begin to the last one's end
 * @param operationsPerSecond over all passes; a multiplication and an addition are two
 * @param passes each of which was checked
 * @param checked elements that were compared with what they must be
 * @param wrong of them
 * @param firstWrong there where one was wrong
 * @param stopped before its time
 */
public record BurnResult(
    Burn burn,
    Duration elapsed,
    double operationsPerSecond,
    long passes,
    long checked,
    long wrong,
    Optional<WrongElement> firstWrong,
    boolean stopped) {}
