package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.PinnedMemory;
import java.lang.foreign.MemorySegment;

/** Memory of what picks from logits, on the device and where its results arrive. */
final class AnswerMemory {
  private final DeviceMemory stats;
  private final DeviceMemory best;
  private final DeviceMemory keys;
  private final DeviceMemory otherKeys;
  private final DeviceMemory biases;
  private final DeviceMemory masks;
  private final DeviceMemory choices;
  private final DeviceMemory chosen;
  private final DeviceMemory sums;
  private final PinnedMemory bestHost;
  private final PinnedMemory keysHost;
  private final PinnedMemory biasesHost;
  private final PinnedMemory masksHost;
  private final PinnedMemory choicesHost;
  private final PinnedMemory chosenHost;
  private final PinnedMemory rowHost;

  AnswerMemory(Owned owned, AnswerScratch scratch) {
    stats = owned.device(scratch.statsBytes());
    best = owned.device(scratch.bestBytes());
    keys = owned.device(scratch.keysBytes());
    otherKeys = owned.device(scratch.keysBytes());
    biases = owned.device(scratch.biasBytes());
    masks = owned.device(scratch.maskBytes());
    choices = owned.device(scratch.choiceBytes());
    chosen = owned.device(scratch.chosenBytes());
    sums = owned.device(scratch.sumsBytes());
    bestHost = owned.pinned(scratch.bestBytes());
    keysHost = owned.pinned((long) Long.BYTES * scratch.rows() * AnswerScratch.MAX_K);
    biasesHost = owned.pinned(scratch.biasBytes());
    masksHost = owned.pinned(scratch.maskBytes());
    choicesHost = owned.pinned(scratch.choiceBytes());
    chosenHost = owned.pinned(scratch.chosenBytes());
    rowHost = owned.pinned(scratch.rowBytes());
  }

  long stats() {
    return stats.address();
  }

  long best() {
    return best.address();
  }

  /** One of the two buffers that the passes of top-k go back and forth between. */
  long keys(int which) {
    return (which == 0 ? keys : otherKeys).address();
  }

  long biases() {
    return biases.address();
  }

  long masks() {
    return masks.address();
  }

  long choices() {
    return choices.address();
  }

  long chosen() {
    return chosen.address();
  }

  long sums() {
    return sums.address();
  }

  MemorySegment bestHost() {
    return bestHost.segment();
  }

  MemorySegment keysHost() {
    return keysHost.segment();
  }

  MemorySegment biasesHost() {
    return biasesHost.segment();
  }

  MemorySegment masksHost() {
    return masksHost.segment();
  }

  MemorySegment choicesHost() {
    return choicesHost.segment();
  }

  MemorySegment chosenHost() {
    return chosenHost.segment();
  }

  /** A row of logits or a hidden state, for those who want it whole. */
  MemorySegment rowHost() {
    return rowHost.segment();
  }
}
