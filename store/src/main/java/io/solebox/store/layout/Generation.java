package io.solebox.store.layout;

import java.time.Instant;

/**
 * What a name stood for from some time on.
 *
 * @param number from 1, in the order in which they were published
 */
public record Generation(int number, Manifest manifest, Instant published) {}
