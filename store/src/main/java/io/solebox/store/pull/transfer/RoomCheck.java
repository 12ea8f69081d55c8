package io.solebox.store.pull.transfer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Whether what is still to come has room on the disk, with something left for everybody else. */
public final class RoomCheck {
  private static final long MOST_RESERVE = 1L << 30;
  private static final int SHARE = 20;

  private RoomCheck() {}

  /**
   * @param missing bytes that are still to come
   * @throws SoleboxException {@code DISK_FULL} with the numbers
   */
  public static void require(Path folder, long missing, TransferOptions.Space space)
      throws IOException {
    long reserve = Math.min(MOST_RESERVE, missing / SHARE);
    long usable = space.usableBytes(folder);
    if (missing + reserve > usable) {
      throw new SoleboxException(
          ErrorCode.DISK_FULL,
          folder.toString(),
          "%s are still to come, with %s to spare that is %s, but the disk has room for %s."
              .formatted(size(missing), size(reserve), size(missing + reserve), size(usable)),
          "Make room for " + size(missing + reserve - usable) + " more; what has come is kept.");
    }
  }

  static String size(long bytes) {
    return bytes < 1_000_000
        ? bytes + " bytes"
        : bytes < 1_000_000_000
            ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
            : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
