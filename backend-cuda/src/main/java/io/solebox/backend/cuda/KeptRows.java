package io.solebox.backend.cuda;

import java.util.List;

/**
 * How much there is of what is kept from step to step.
 *
 * @param blocksOfGroup per group of the graph the blocks of its pool
 * @param slots places for recurrent state
 */
record KeptRows(List<Integer> blocksOfGroup, int slots) {}
