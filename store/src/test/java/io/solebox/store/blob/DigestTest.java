package io.solebox.store.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestTest {
  /** Of FIPS 180-2. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void knownBytesHaveTheKnownDigest() {
    assertEquals("sha256:" + ABC, Digest.of("abc".getBytes(StandardCharsets.US_ASCII)).toString());
  }

  @Test
  void aFileIsReadWhole(@TempDir Path folder) throws IOException {
    byte[] bytes = new byte[(1 << 20) * 2 + 17];
    bytes[bytes.length - 1] = 1;
    Path file = Files.write(folder.resolve("file"), bytes);
    var read = new AtomicLong();
    assertEquals(Digest.of(bytes), Digest.of(file, read::addAndGet));
    assertEquals(bytes.length, read.get());
  }

  @Test
  void onlyWholeDigestsAreRead() {
    assertEquals(Optional.of(new Digest(ABC)), Digest.parse("sha256:" + ABC));
    assertEquals(Optional.empty(), Digest.parse(ABC));
    assertEquals(Optional.empty(), Digest.parse("sha512:" + ABC));
    assertEquals(Optional.empty(), Digest.ofHex(ABC.substring(1)));
    assertEquals(Optional.empty(), Digest.ofHex(ABC.toUpperCase(Locale.ROOT)));
    assertThrows(IllegalArgumentException.class, () -> new Digest("../" + ABC.substring(3)));
  }
}
