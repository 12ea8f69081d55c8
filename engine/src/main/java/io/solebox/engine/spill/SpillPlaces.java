package io.solebox.engine.spill;

import java.util.Optional;

/**
 * Where a {@link SpillStore} keeps what leaves a plan's pools.
 *
 * @param memoryBytes of host memory; 0 keeps nothing
 * @param file where it goes from host memory
 * @param folder where prefixes outlive the process
 * @param readBytes of host memory beside the other, for what is read from file and folder
 */
public record SpillPlaces(
    long memoryBytes, Optional<SpillFile> file, Optional<PrefixFolder> folder, long readBytes) {
  /** In host memory alone. */
  public static SpillPlaces inMemory(long bytes) {
    return new SpillPlaces(bytes, Optional.empty(), Optional.empty(), 0);
  }
}
