package io.solebox.server.library;

/**
 * What the clean-up of a library did since the server's start.
 *
 * @param removed models
 * @param freedBytes that no other model had
 * @param announced models that will leave
 */
public record CleanupTally(long removed, long freedBytes, long announced) {}
