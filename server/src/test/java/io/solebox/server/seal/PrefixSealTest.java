package io.solebox.server.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.spill.FileSeal;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saved prefixes as they lie on the disk. */
class PrefixSealTest {
  private static final String MARKER = "what somebody has asked";

  @TempDir private Path folder;

  private FileSeal open(String state) {
    try (Database database = ServerTables.open(folder.resolve(state).resolve("server.db"))) {
      return Vault.open(database, Passphrase.NONE, System.err)
          .prefixSeal(); // used when it is closed
    }
  }

  private Path write(FileSeal seal, String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), new byte[0]);
    try (OutputStream out = seal.write(file, name)) {
      out.write(bytes);
    }
    return file;
  }

  private static byte[] read(FileSeal seal, Path file, String name) throws IOException {
    try (InputStream in = seal.read(file, name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void sizesAreKnownBothWays() throws IOException {
    FileSeal seal = open("state");
    for (int size : new int[] {1, 60, Pieces.BYTES - 1, Pieces.BYTES, Pieces.BYTES + 1, 200_000}) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      Path file = write(seal, "of" + size, bytes);
      assertEquals(seal.sealedBytes(size), Files.size(file));
      assertEquals(size, seal.openBytes(Files.size(file)));
      assertArrayEquals(bytes, read(seal, file, "of" + size));
    }
  }

  @Test
  void nobodyReadsThemWithoutTheKey() throws IOException {
    FileSeal seal = open("state");
    byte[] bytes = MARKER.repeat(100).getBytes(StandardCharsets.UTF_8);
    Path file = write(seal, "one", bytes);
    assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains(MARKER));
    FileSeal again = open("state");
    assertEquals(seal.mark(), again.mark());
    assertEquals(seal.secret(), again.secret());
    assertNotEquals(seal.mark(), seal.secret());
    assertArrayEquals(bytes, read(again, file, "one"));
    FileSeal other = open("other");
    assertNotEquals(seal.mark(), other.mark());
    assertNotEquals(seal.secret(), other.secret());
    assertThrows(EOFException.class, () -> read(other, file, "one"));
    assertThrows(EOFException.class, () -> read(seal, file, "two")); // moved
    byte[] changed = Files.readAllBytes(file);
    changed[changed.length / 2] ^= 1;
    Files.write(file, changed);
    assertThrows(EOFException.class, () -> read(seal, file, "one"));
  }
}
