package io.solebox.engine.backend.trial;

import java.time.Duration;

/**
 * What one pass of a burn gave.
 *
 * @param at the pass's end, since the burn began
 * @param operationsPerSecond of this pass; a multiplication and an addition are two
 * @param wrong elements that were wrong since the burn began
 */
public record BurnSample(Duration at, double operationsPerSecond, long wrong) {}
