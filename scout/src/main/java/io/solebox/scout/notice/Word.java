package io.solebox.scout.notice;

import java.time.Instant;

/**
 * What the scout says of itself, as that a channel has stopped.
 *
 * @param title in a few words
 * @param text what happened and what helps, in sentences
 */
public record Word(String key, Instant at, String title, String text) implements Told {}
