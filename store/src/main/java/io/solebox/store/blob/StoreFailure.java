package io.solebox.store.blob;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** What an exception of the disk means to a person. */
public final class StoreFailure {
  private static final String FULL = "No space left on device";
  private static final String OVER_QUOTA = "Disk quota exceeded";

  private StoreFailure() {}

  /**
   * @return {@code DISK_FULL} or {@code IO_ERROR}
   */
  public static SoleboxException of(Path path, IOException cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains(FULL) || message.contains(OVER_QUOTA)) {
      return new SoleboxException(
          ErrorCode.DISK_FULL,
          path.toString(),
          "the disk is full",
          "Make room, with 'solebox models prune' or otherwise, and try again.",
          cause);
    }
    boolean denied = cause instanceof AccessDeniedException;
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        path.toString(),
        denied
            ? "this user may not write or read this"
            : "reading or writing failed (%s: %s)"
                .formatted(cause.getClass().getSimpleName(), message),
        denied ? "See to its permissions, or use another user." : "Look after the disk.",
        cause);
  }
}
