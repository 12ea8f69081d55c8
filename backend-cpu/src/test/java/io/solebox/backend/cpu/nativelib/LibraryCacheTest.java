package io.solebox.backend.cpu.nativelib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryCacheTest {
  private static final String HASH = "0123abcd";

  private final byte[] library = new byte[200_000];
  @TempDir Path home;

  LibraryCacheTest() {
    new Random(1).nextBytes(library);
  }

  private LibraryCache cache() {
    return LibraryCache.ofUser(Map.of(), home);
  }

  @Test
  void liesWhereOnlyItsOwnerMayGo() throws IOException {
    Path file = cache().store(library, HASH);
    assertEquals(home.resolve(".cache/solebox/native/0123abcd/libsolebox_cpu.so"), file);
    assertArrayEquals(library, Files.readAllBytes(file));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    assertOneFile(file);
  }

  @Test
  void followsTheEnvironmentWhereItIsAbsolute() throws IOException {
    Path own = home.resolve("own");
    Path file =
        LibraryCache.ofUser(Map.of("XDG_CACHE_HOME", own.toString()), home).store(library, HASH);
    assertTrue(file.startsWith(own));
    file = LibraryCache.ofUser(Map.of("XDG_CACHE_HOME", "own"), home).store(library, HASH);
    assertTrue(file.startsWith(home.resolve(".cache")));
  }

  @Test
  void keepsAWholeFileAndReplacesEveryOther() throws IOException {
    Path file = cache().store(library, HASH);
    Object inode = Files.getAttribute(file, "unix:ino");
    cache().store(library, HASH);
    assertEquals(inode, Files.getAttribute(file, "unix:ino"));

    byte[] flipped = library.clone();
    flipped[150_000] ^= 1;
    for (byte[] wrong : new byte[][] {flipped, {}, new byte[300_000]}) {
      Files.write(file, wrong);
      cache().store(library, HASH);
      assertArrayEquals(library, Files.readAllBytes(file));
    }
    Path elsewhere = Files.write(home.resolve("elsewhere"), library);
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    cache().store(library, HASH);
    assertFalse(Files.isSymbolicLink(file));
    assertOneFile(file);
  }

  @Test
  void refusesAFolderThatOthersCanWrite() throws IOException {
    Path file = cache().store(library, HASH);
    Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
    var refused = assertThrows(IOException.class, () -> cache().store(library, HASH));
    assertTrue(refused.getMessage().endsWith("can be written by others"), refused.getMessage());
  }

  @Test
  void forgetsWhatNobodyHasUsedForLong() throws IOException {
    Path old = cache().store(library, "old");
    Path recent = cache().store(library, "recent");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
    cache().store(library, "new");
    assertFalse(Files.exists(old.getParent()));
    assertTrue(Files.exists(recent));
  }

  @Test
  void manyMayStoreAtOnce() throws Exception {
    var tasks = new ArrayList<Callable<Path>>();
    for (int i = 0; i < 64; i++) {
      tasks.add(
          () -> {
            Path file = cache().store(library, HASH);
            // What was returned is whole, although others may be replacing it by the same.
            assertArrayEquals(library, Files.readAllBytes(file));
            return file;
          });
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var stored : threads.invokeAll(tasks)) {
        assertOneFile(stored.get());
      }
    }
  }

  /** Nothing half-written stays behind. */
  private static void assertOneFile(Path file) throws IOException {
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count());
    }
  }
}
