package io.solebox.engine.backend.trial;

import java.util.OptionalDouble;

/**
 * Which card a device is, so that others find it who know nothing of backends, and what it is made
 * of.
 *
 * @param name that its driver gives it
 * @param pciAddress as in {@code 0000:01:00.0}
 * @param computeCapability as in {@code 8.0}
 * @param multiprocessors that it has
 * @param memoryBytesPerSecond what its memory gives at most; empty where its driver does not say
 */
public record Identity(
    String name,
    String pciAddress,
    String computeCapability,
    int multiprocessors,
    OptionalDouble memoryBytesPerSecond) {}
