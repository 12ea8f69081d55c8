package io.solebox.server.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SealedFileTest {
  private static final int HEAD = 1 + Pieces.SALT_BYTES;
  private static final int PIECE = Pieces.BYTES + SecretKey.TAG_BYTES;

  @TempDir private Path folder;
  private final SecretKey key = SecretKey.random();

  private Path write(byte[] text) throws IOException {
    Path file = Files.createTempFile(folder, "file", "");
    Random random = new Random(7);
    try (OutputStream out = new FileKey(key, "file-1").write(file)) {
      int at = 0;
      while (at < text.length) {
        int part = Math.min(text.length - at, 1 + random.nextInt(100_000));
        out.write(text, at, part);
        at += part;
      }
    }
    return file;
  }

  private byte[] read(Path file, String id) throws IOException {
    try (InputStream in = new FileKey(key, id).read(file)) {
      return in.readAllBytes();
    }
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    new Random(length).nextBytes(text);
    return text;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        Pieces.BYTES - 1,
        Pieces.BYTES,
        Pieces.BYTES + 1,
        3 * Pieces.BYTES,
        3 * Pieces.BYTES + 17
      })
  void whatWasWrittenIsRead(int length) throws IOException {
    byte[] text = text(length);
    assertArrayEquals(text, read(write(text), "file-1"));
  }

  private void assertRefused(byte[] sealed) throws IOException {
    Path file = Files.write(folder.resolve("changed"), sealed);
    assertThrows(IOException.class, () -> read(file, "file-1"));
  }

  @Test
  void whatWasChangedCutOrMovedIsRefused() throws IOException {
    byte[] text = text(2 * Pieces.BYTES + 100);
    Path file = write(text);
    assertThrows(IOException.class, () -> read(file, "file-2"), "of another file");
    byte[] sealed = Files.readAllBytes(file);
    for (int at : new int[] {0, 1, HEAD, HEAD + PIECE, sealed.length - 1}) {
      byte[] changed = sealed.clone();
      changed[at] ^= 1;
      assertRefused(changed);
    }
    for (int length : new int[] {0, 10, HEAD, HEAD + PIECE, HEAD + 2 * PIECE, sealed.length - 1}) {
      assertRefused(Arrays.copyOf(sealed, length));
    }
    assertRefused(Arrays.copyOf(sealed, sealed.length + 1));
    byte[] swapped = sealed.clone();
    System.arraycopy(sealed, HEAD, swapped, HEAD + PIECE, PIECE);
    System.arraycopy(sealed, HEAD + PIECE, swapped, HEAD, PIECE);
    assertRefused(swapped);
  }

  /** As much as is right is given out, and nothing behind. */
  @Test
  void nothingWrongIsGivenOut() throws IOException {
    byte[] text = text(2 * Pieces.BYTES + 100);
    byte[] sealed = Files.readAllBytes(write(text));
    sealed[HEAD + PIECE + 5] ^= 1;
    Path file = Files.write(folder.resolve("changed"), sealed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = new FileKey(key, "file-1").read(file)) {
      assertThrows(IOException.class, () -> in.transferTo(out));
    }
    assertArrayEquals(Arrays.copyOf(text, Pieces.BYTES), out.toByteArray());
  }

  @Test
  void twoOfTheSameTextDiffer() throws IOException {
    byte[] one = Files.readAllBytes(write(text(100)));
    byte[] other = Files.readAllBytes(write(text(100)));
    assertFalse(Arrays.equals(one, other));
    assertEquals(one.length, other.length);
  }
}
