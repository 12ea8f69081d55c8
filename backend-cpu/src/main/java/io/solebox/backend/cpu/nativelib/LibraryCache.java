package io.solebox.backend.cpu.nativelib;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the libraries that were taken out of the jar, {@code FOLDER/HASH/libsolebox_cpu.so}, where
 * nobody but the user may write. A file that lies there is compared with the jar's, byte by byte,
 * before it is used: that finds all that a hash would, and a cold JVM needs 80 ms to hash a
 * megabyte.
 */
final class LibraryCache {
  private static final Duration KEPT_UNUSED = Duration.ofDays(30);

  private final Path folder;

  LibraryCache(Path folder) {
    this.folder = folder;
  }

  /** {@code $XDG_CACHE_HOME/solebox/native}, by default below {@code ~/.cache}. */
  static LibraryCache ofUser(Map<String, String> environment, Path home) {
    // The XDG base directory specification wants relative values ignored.
    Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    Path caches = xdg.isAbsolute() ? xdg : home.resolve(".cache");
    return new LibraryCache(caches.resolve("solebox", "native"));
  }

  /**
   * A file with these bytes that stays.
   *
   * @throws IOException when the folder cannot be written, or others can write to it
   */
  Path store(byte[] library, String sha256) throws IOException {
    Path own = folder.resolve(sha256);
    Path file = own.resolve(BuiltLibrary.FILE);
    Files.createDirectories(own, ownerOnly());
    refuseForeign(folder);
    refuseForeign(own);
    if (holds(file, library)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } else {
      write(own, file, library);
      removeUnused();
    }
    return file;
  }

  /** Several processes may do so at once: each renames a whole file. */
  private static void write(Path own, Path file, byte[] library) throws IOException {
    Path temporary = Files.createTempFile(own, "new", ".so");
    try {
      Files.write(temporary, library);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static boolean holds(Path file, byte[] library) throws IOException {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == library.length
          && Arrays.equals(Files.readAllBytes(file), library);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private static void refuseForeign(Path folder) throws IOException {
    Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    if (!Files.getAttribute(folder, "unix:uid").equals(user)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(folder + " can be written by others");
    }
  }

  /** Libraries of versions that nobody has started for long. Whoever has one mapped keeps it. */
  private void removeUnused() throws IOException {
    Instant limit = Instant.now().minus(KEPT_UNUSED);
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder)) {
      for (Path version : versions) {
        Path file = version.resolve(BuiltLibrary.FILE);
        if (Files.exists(file) && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
          Files.deleteIfExists(version);
        }
      }
    }
  }

  private static java.nio.file.attribute.FileAttribute<?> ownerOnly() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }
}
