package io.solebox.engine.backend.trial;

/**
 * What goes from one device to another, on one way.
 *
 * @param bytesPerSecond of large copies in this direction alone
 * @param bytesPerSecondBothWays in this direction while as much goes back
 * @param latencySeconds of a copy of a few bytes, the mean of many in a row
 */
public record PeerFigures(
    double bytesPerSecond, double bytesPerSecondBothWays, double latencySeconds) {}
