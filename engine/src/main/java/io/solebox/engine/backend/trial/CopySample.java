package io.solebox.engine.backend.trial;

import java.time.Duration;

/**
 * What some copies in a row gave.
 *
 * @param device its place among those that copy, 0 where it is one
 * @param at since the copies began
 * @param bytesPerSecond in each direction
 */
public record CopySample(int device, Duration at, double bytesPerSecond) {}
