package io.solebox.server.library;

/**
 * What is to be fetched.
 *
 * @param name where it is, as people write it
 * @param insecure whether a registry may be spoken to without encryption
 */
public record PullWish(String name, boolean insecure) {}
