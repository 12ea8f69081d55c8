package io.solebox.app.users;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.User;
import io.solebox.server.seal.Belongings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** All that is stored for somebody, in a file that only its owner reads. */
final class StoredThings {
  private StoredThings() {}

  /**
   * @param file which must not be there
   * @throws SoleboxException {@code IO_ERROR}
   */
  static void write(Path file, User user, Belongings belongings) {
    var rights = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      Files.createFile(file, rights);
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        belongings.export(user.id(), out);
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "What is stored cannot be written: " + e.getMessage() + ".",
          "Nothing was removed. Name a file that is not there, in a folder with space.",
          e);
    }
  }
}
