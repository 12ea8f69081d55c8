package io.solebox.server.knowledge.vector;

/**
 * A row that was found.
 *
 * @param score the inner product: the cosine, from -1 to 1
 */
public record Hit(long id, float score) {}
