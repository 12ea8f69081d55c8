package io.solebox.store.blob;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file {@code format} of a store, by which older versions know that it is not for them. */
final class StoreFormat {
  private static final String OURS = "1";

  private StoreFormat() {}

  /**
   * Writes it into a new store.
   *
   * @throws SoleboxException {@code BAD_STORE} where another version made this one
   */
  static void ensure(Path store, Disk disk) throws IOException {
    disk.createFolders(store);
    Path file = file(store);
    if (!require(file)) {
      disk.replace(file, OURS.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * @throws SoleboxException {@code BAD_STORE} where another version made this one
   */
  static void check(Path store) throws IOException {
    require(file(store));
  }

  static Path file(Path store) {
    return store.resolve("format");
  }

  private static boolean require(Path file) throws IOException {
    String format;
    try {
      format = Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return false;
    }
    if (!format.equals(OURS)) {
      throw new SoleboxException(
          ErrorCode.BAD_STORE,
          file.toString(),
          "this store has format '%s', and this version knows %s alone"
              .formatted(Printable.name(format), OURS),
          "Use the version of Solebox that made it, or another folder ($SOLEBOX_HOME).");
    }
    return true;
  }
}
