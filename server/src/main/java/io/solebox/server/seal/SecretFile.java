package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A small file that nobody but its owner may read. It is there whole or not at all, whatever
 * happens while it is written.
 */
record SecretFile(Path path) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /**
   * Its text; empty where it is not there.
   *
   * @throws SoleboxException {@code ACCESS_DENIED} where others may read or change it
   */
  Optional<String> read() {
    try {
      if (Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains)) {
        throw new SoleboxException(
            ErrorCode.ACCESS_DENIED,
            path.toString(),
            "Others may read or change the key of what is kept here.",
            "If you are sure that nobody did: chmod 600 " + path + ".");
      }
      return Optional.of(Files.readString(path, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Writes it where it is not there; leaves it as it is where it is. */
  void make(String text) {
    try {
      Path fresh = written(text);
      try {
        Files.createLink(path, fresh); // which replaces nothing, as a rename would
        force();
      } catch (FileAlreadyExistsException e) {
        // Somebody else was first.
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  void replace(String text) {
    try {
      Files.move(written(text), path, StandardCopyOption.ATOMIC_MOVE);
      force();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Path written(String text) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".new");
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var rights = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    try (FileChannel channel = FileChannel.open(fresh, options, rights)) {
      ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    return fresh;
  }

  /** Linux opens folders to be read and forced. */
  private void force() throws IOException {
    try (FileChannel names = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private SoleboxException failure(IOException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        path.toString(),
        "The key of what is kept here cannot be read or written: " + cause.getMessage() + ".",
        "See that its folder can be written, or name another with --state.",
        cause);
  }
}
