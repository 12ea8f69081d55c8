package io.solebox.store.convert;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Asks before anything is written whether it will fit, and where it may go. */
public final class FreeSpace {
  private FreeSpace() {}

  /**
   * @param file to be written; what has its name stays until the new one is whole
   * @param replace whether an existing file may be replaced
   * @throws SoleboxException {@code INVALID_PARAMETER} for a name that is taken or in no folder;
   *     {@code DISK_FULL} where there is not enough room, with both numbers; {@code IO_ERROR}
   */
  public static void require(Path file, long bytes, boolean replace) {
    requireFree(file, replace);
    Path folder = file.toAbsolutePath().getParent();
    long free;
    try {
      free = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "the free space of the folder cannot be read (" + e + ")",
          "Check the folder's permissions.",
          e);
    }
    if (free < bytes) {
      throw new SoleboxException(
          ErrorCode.DISK_FULL,
          file.toString(),
          String.format(
              Locale.ROOT,
              "the file takes %.2f GB, and there are %.2f GB free",
              bytes / 1e9,
              free / 1e9),
          "Make room, write it to another disk, or choose a smaller format.");
    }
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for a name that is taken or in no folder
   */
  public static void requireFree(Path file, boolean replace) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "there is no folder for this file",
          "Make the folder first, or name another one.");
    }
    if (Files.isDirectory(file) || Files.exists(file) && !replace) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          Files.isDirectory(file) ? "this is a folder" : "there is a file of this name",
          Files.isDirectory(file)
              ? "Name a file in it."
              : "Name another one, or replace it with --force.");
    }
  }
}
