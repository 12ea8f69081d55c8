package io.solebox.engine.generation;

/**
 * What became of blocks and snapshots that left their pools, since the start.
 *
 * @param spilled that were put elsewhere
 * @param spilledBytes of them
 * @param restored that came back instead of being computed again
 * @param restoredBytes of them
 * @param lost for which there was no room, or no time in a step, or that left for others
 * @param failures of disks: what could not be written, or was not there as it had been written
 * @param memoryBytes held in host memory now
 * @param diskBytes held on disks now
 */
public record SpillStats(
    long spilled,
    long spilledBytes,
    long restored,
    long restoredBytes,
    long lost,
    long failures,
    long memoryBytes,
    long diskBytes) {
  /** Where nothing is spilled. */
  public static final SpillStats NONE = new SpillStats(0, 0, 0, 0, 0, 0, 0, 0);
}
