package io.solebox.server.knowledge.search;

import io.solebox.server.knowledge.chunk.Chunk;
import io.solebox.server.knowledge.store.Document;

/**
 * What was found.
 *
 * @param score from 0 to 1; of others in the same answer more means better
 */
public record Passage(Document document, Chunk chunk, double score) {}
