package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;

/**
 * A value with the place where it was read.
 *
 * @param evidence where
 */
public record Known<T>(T value, Evidence evidence) {}
