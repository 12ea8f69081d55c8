package io.solebox.hardware.bundle;

/**
 * How much of an archive is read at most: whoever sent it may want to fill the memory.
 *
 * @param entries files, folders and links
 * @param fileBytes of one file
 * @param totalBytes of the archive, unpacked
 * @param depth of folders
 */
public record Limits(int entries, long fileBytes, long totalBytes, int depth) {
  /**
   * A server with a thousand devices has 30,000 files of a few hundred bytes, and a log of a few
   * MiB.
   */
  public static final Limits USUAL = new Limits(200_000, 64 << 20, 256 << 20, 40);
}
