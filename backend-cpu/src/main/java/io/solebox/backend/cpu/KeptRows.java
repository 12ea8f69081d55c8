package io.solebox.backend.cpu;

import java.util.Collections;
import java.util.List;

/**
 * How many rows there are of what is kept from step to step.
 *
 * @param blocksOfGroup per group of the graph the blocks of its pool
 * @param slots places for recurrent state
 */
record KeptRows(List<Integer> blocksOfGroup, int slots) {
  /** One of each, for what a sequence or a block takes. */
  static KeptRows one(int groups) {
    return new KeptRows(Collections.nCopies(groups, 1), 1);
  }
}
