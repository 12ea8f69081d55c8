package io.solebox.app.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Root's files of a machine, by their names in it. All folders on the way are root's, so nobody
 * else puts links there.
 *
 * @param root of the machine, which is another folder in tests
 */
record HostFiles(Path root) {
  private static final String SECRET = "rw-------";
  private static final String OPEN = "rw-r--r--";

  /**
   * @param name as in {@code etc/hostname}
   */
  Path at(String name) {
    return root.resolve(name);
  }

  boolean exists(String name) {
    return Files.exists(at(name));
  }

  Optional<String> read(String name) throws IOException {
    try {
      return Optional.of(Files.readString(at(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces it for everybody to read; whole, also where the power goes. */
  void write(String name, String text) throws IOException {
    write(name, text, OPEN);
  }

  /** The same for root alone to read. */
  void writeSecret(String name, String text) throws IOException {
    write(name, text, SECRET);
  }

  private void write(String name, String text, String permissions) throws IOException {
    Path file = at(name);
    Files.createDirectories(file.getParent());
    Path made = Files.createTempFile(file.getParent(), ".solebox", ".new");
    try {
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
      try (var out =
          Files.newByteChannel(made, StandardOpenOption.WRITE, StandardOpenOption.SYNC)) {
        out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      }
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  /** Puts what was there before back, be it nothing. */
  void restore(String name, Optional<String> before) throws IOException {
    if (before.isPresent()) {
      write(name, before.get());
    } else {
      Files.deleteIfExists(at(name));
    }
  }
}
