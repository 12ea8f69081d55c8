package io.solebox.engine.generation;

import io.solebox.engine.error.SoleboxException;
import java.util.Optional;

/**
 * What an engine loop holds at a moment.
 *
 * @param running sequences that have blocks
 * @param waiting sequences that have none yet
 * @param usedBlocks KV blocks held by running sequences
 * @param cachedBlocks blocks that only the prefix cache holds; they can be taken at any time
 * @param totalBlocks size of the pool
 * @param preemptions since the start
 * @param draftedTokens ids that were guessed ahead and computed, since the start
 * @param acceptedTokens those of them that were right
 * @param spill of what left the cache and came back, since the start
 * @param trouble why the last answer or step failed through no fault of a request, until one
 *     succeeds again
 */
public record LoopStats(
    int running,
    int waiting,
    int usedBlocks,
    int cachedBlocks,
    int totalBlocks,
    long preemptions,
    long draftedTokens,
    long acceptedTokens,
    SpillStats spill,
    Optional<SoleboxException> trouble) {}
