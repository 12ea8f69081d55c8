package io.solebox.engine.schedule;

/**
 * What an engine loop holds at a moment.
 *
 * @param running sequences that have blocks
 * @param waiting sequences that have none yet
 * @param usedBlocks KV blocks held by running sequences
 * @param cachedBlocks blocks that only the prefix cache holds; they can be taken at any time
 * @param totalBlocks size of the pool
 * @param preemptions since the start
 */
public record LoopStats(
    int running,
    int waiting,
    int usedBlocks,
    int cachedBlocks,
    int totalBlocks,
    long preemptions) {}
