package io.solebox.server.documents;

import java.time.Duration;

/**
 * How much one document may ask of its reader.
 *
 * @param bytes of its file
 * @param characters of its text, in UTF-16 units
 * @param memory bytes of heap of the reader's process
 * @param time from its beginning to its last section
 * @param silence in which nothing of it is read
 * @param idle after which a process that reads nothing ends
 */
public record DocumentLimits(
    long bytes, int characters, long memory, Duration time, Duration silence, Duration idle) {
  private static final int MIB = 1 << 20;

  /** Some three thousand dense pages, of a file that may consist of pictures mostly. */
  public static DocumentLimits defaults() {
    return new DocumentLimits(
        256L * MIB,
        10_000_000,
        1024L * MIB,
        Duration.ofMinutes(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5));
  }
}
