package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.spill.SpillStore;
import java.util.Optional;

/**
 * Where blocks of the KV cache and snapshots of recurrent state go that have to leave it.
 *
 * @param memoryBytes of host memory; 0 for nowhere
 * @param disk where they go from there
 * @param save where they outlive the process, if they shall
 * @throws SoleboxException {@code INVALID_PARAMETER} for a negative size, or a disk without memory
 *     on the way to it
 */
public record SpillOptions(long memoryBytes, Optional<SpillDisk> disk, Optional<SaveOptions> save) {
  /** What leaves the cache is computed again. */
  public static final SpillOptions NONE = new SpillOptions(0);

  public SpillOptions {
    if (memoryBytes < 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "kv-spill",
          "is " + memoryBytes + ", but must not be negative.",
          "Give a size such as 4G.");
    }
    if (memoryBytes == 0 && disk.isPresent()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "kv-spill-disk",
          "What goes to the disk lies in host memory first, and has none.",
          "Give it some with --kv-spill, as in 4G.");
    }
  }

  /** In memory alone. */
  public SpillOptions(long memoryBytes) {
    this(memoryBytes, Optional.empty(), Optional.empty());
  }

  /**
   * Of host memory that a model takes for it.
   *
   * @param largest bytes of what leaves or comes back as one
   */
  long hostBytes(long largest) {
    boolean reads = disk.isPresent() || save.isPresent();
    return memoryBytes + (reads ? readBytes(largest) : 0);
  }

  /** Of host memory for what is read: the largest must fit. */
  static long readBytes(long largest) {
    return Math.max(SpillStore.READ_BYTES, largest);
  }
}
