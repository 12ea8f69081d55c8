package io.solebox.engine.generation;

/**
 * What became of blocks and snapshots that left their pools, since the start.
 *
 * @param spilled that were put elsewhere
 * @param restored that came back instead of being computed again
 * @param written those of the first that went on to a disk
 * @param read that came from disks to host memory
 * @param lost for which there was no room, or no time in a step, or that left for others
 * @param failures of disks: what could not be written, or was not there as it had been written
 * @param memoryBytes held in host memory now
 * @param diskBytes held on disks now
 */
public record SpillStats(
    Traffic spilled,
    Traffic restored,
    Traffic written,
    Traffic read,
    long lost,
    long failures,
    long memoryBytes,
    long diskBytes) {
  /** What went one way. */
  public record Traffic(long pieces, long bytes) {
    public static final Traffic NONE = new Traffic(0, 0);

    /** With one more. */
    public Traffic plus(long more) {
      return new Traffic(pieces + 1, bytes + more);
    }
  }

  /** Where nothing is spilled. */
  public static final SpillStats NONE =
      new SpillStats(Traffic.NONE, Traffic.NONE, Traffic.NONE, Traffic.NONE, 0, 0, 0, 0);
}
