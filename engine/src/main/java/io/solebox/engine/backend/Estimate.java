package io.solebox.engine.backend;

import java.util.List;

/**
 * Memory that a plan needs, in bytes.
 *
 * @param weightBytes weights that the plan owns: uploaded, repacked, or turned into another format
 * @param mappedBytes weights that it uses in place, in the memory of the model file; they must fit
 *     as well, or every token reads them from the disk again
 * @param kvBytesPerBlock per group of the graph one block of {@link KvBlocks#TOKENS} positions over
 *     all keeps of the group
 * @param sequenceBytes recurrent state of one sequence, and so of one snapshot of it
 * @param scratchBytes activations of the largest step, and what the plan needs besides
 */
public record Estimate(
    long weightBytes,
    long mappedBytes,
    List<Long> kvBytesPerBlock,
    long sequenceBytes,
    long scratchBytes) {
  public Estimate {
    kvBytesPerBlock = List.copyOf(kvBytesPerBlock);
  }

  /** Everything but keys, values and recurrent state. */
  public long fixedBytes() {
    return weightBytes + mappedBytes + scratchBytes;
  }

  /** The same with another size of what is used in place. */
  public Estimate withMappedBytes(long bytes) {
    return new Estimate(weightBytes, bytes, kvBytesPerBlock, sequenceBytes, scratchBytes);
  }
}
