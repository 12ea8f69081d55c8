package io.solebox.engine.backend.trial;

import java.time.Duration;

/**
 * How far a walk through memory is.
 *
 * @param at since the walk began
 * @param pattern that was just read back, for people
 * @param fraction of the whole walk that is done, 0 to 1
 * @param bytesPerSecond of the pattern's write and read together
 * @param wrongWords since the walk began
 */
public record WalkSample(
    Duration at, String pattern, double fraction, double bytesPerSecond, long wrongWords) {}
