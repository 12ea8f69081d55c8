package io.solebox.app.board;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A name for a device, as long as somebody needs it; one that a killed program left is replaced.
 */
final class DeviceLink implements AutoCloseable {
  private final Path link;
  private final Path device;

  private DeviceLink(Path link, Path device) {
    this.link = link;
    this.device = device;
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where something else has that name, {@code
   *     IO_ERROR} where it cannot be made
   */
  static DeviceLink make(Path link, Path device) {
    boolean isTaken = Files.exists(link, LinkOption.NOFOLLOW_LINKS);
    if (isTaken && !Files.isSymbolicLink(link)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          link.toString(),
          "There is something else of that name already.",
          "Name another link.");
    }
    try {
      if (isTaken) {
        Files.delete(link);
      }
      Files.createSymbolicLink(link, device);
      return new DeviceLink(link, device);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          link.toString(),
          "The link cannot be made: " + e.getMessage() + ".",
          "Name one in a folder that can be written.",
          e);
    }
  }

  /** Takes it away if it is still this one. */
  @Override
  public void close() {
    try {
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(device)) {
        Files.delete(link);
      }
    } catch (IOException _) {
      // It leads nowhere, and the next one replaces it.
    }
  }
}
