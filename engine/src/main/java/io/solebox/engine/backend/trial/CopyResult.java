package io.solebox.engine.backend.trial;

import java.time.Duration;

/**
 * What copies between host and device gave.
 *
 * @param elapsed from the first copy's begin to the last one's end
 * @param copyBytes of a single copy
 * @param bytesPerSecond in each direction, over the whole time
 * @param wrongBytes that did not arrive as they were sent
 * @param stopped before its time
 */
public record CopyResult(
    Copy copy,
    Duration elapsed,
    long copyBytes,
    double bytesPerSecond,
    long wrongBytes,
    boolean stopped) {}
