package io.solebox.engine.spill;

import java.time.Duration;
import java.util.Optional;

/**
 * Where a {@link SpillStore} keeps what leaves a plan's pools.
 *
 * @param memoryBytes of host memory; 0 keeps nothing
 * @param file where it goes from host memory
 * @param folder where prefixes outlive the process
 * @param saveAfter how long nothing is computed before they are written there
 * @param readBytes of host memory beside the other, for what is read from file and folder
 */
public record SpillPlaces(
    long memoryBytes,
    Optional<SpillFile> file,
    Optional<PrefixFolder> folder,
    Duration saveAfter,
    long readBytes) {
  /** In host memory alone. */
  public static SpillPlaces inMemory(long bytes) {
    return new SpillPlaces(bytes, Optional.empty(), Optional.empty(), Duration.ZERO, 0);
  }
}
