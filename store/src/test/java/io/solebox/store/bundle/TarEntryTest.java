package io.solebox.store.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held to the tables of POSIX.1-2001, {@code pax}, by which every tar reads. */
class TarEntryTest {
  private static String text(byte[] header, int at, int length) {
    String field = new String(header, at, length, StandardCharsets.ISO_8859_1);
    int end = field.indexOf('\0');
    return end < 0 ? field : field.substring(0, end);
  }

  private static void requireBlock(byte[] header, int at, String name, long size, char type) {
    assertEquals(name, text(header, at, 100));
    assertEquals(0644, Integer.parseInt(text(header, at + 100, 8), 8));
    assertEquals(size, Long.parseLong(text(header, at + 124, 12), 8));
    assertEquals(type, header[at + 156]);
    assertEquals("ustar", text(header, at + 257, 6));
    assertEquals("00", text(header, at + 263, 2));
    int sum = 8 * ' ';
    for (int i = 0; i < TarEntry.BLOCK; i++) {
      sum += i >= 148 && i < 156 ? 0 : header[at + i] & 0xff;
    }
    assertEquals(sum, Integer.parseInt(text(header, at + 148, 7), 8));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 512, 8_589_934_591L})
  void sizesOfElevenDigitsStandInTheHeader(long size) {
    var entry = new TarEntry("blobs/sha256/x", size);
    byte[] header = entry.header();
    assertEquals(TarEntry.BLOCK, header.length);
    requireBlock(header, 0, "blobs/sha256/x", size, '0');
    assertEquals(Optional.of(entry), TarEntry.read("blobs/sha256/x", header));
    assertEquals(Optional.empty(), TarEntry.read("blobs/sha256/y", header));
  }

  @ParameterizedTest
  @ValueSource(longs = {8_589_934_592L, 68_719_476_736L, 1L << 56})
  void largerOnesHaveAPaxRecordBeforeThem(long size) {
    byte[] header = new TarEntry("blobs/sha256/x", size).header();
    assertEquals(3 * TarEntry.BLOCK, header.length);
    String record = text(header, TarEntry.BLOCK, TarEntry.BLOCK);
    requireBlock(header, 0, "PaxHeaders/size", record.length(), 'x');
    requireBlock(header, 2 * TarEntry.BLOCK, "blobs/sha256/x", 0, '0');
    assertEquals(record.length() + " size=" + size + "\n", record);
  }

  @Test
  void lengthsAreWholeBlocks() {
    assertEquals(512, new TarEntry("a", 0).length());
    assertEquals(1024, new TarEntry("a", 1).length());
    assertEquals(1024, new TarEntry("a", 512).length());
    assertTrue(new TarEntry("a", 1L << 40).length() == (1L << 40) + 1536);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 513, 8_589_934_591L, 8_589_934_592L, 20_000_000_000L})
  void whoReadsOnHearsWhatComesNext(long size) throws IOException {
    var entry = new TarEntry("models/1", size);
    var archive = new ByteArrayOutputStream();
    archive.write(entry.header());
    archive.write(new byte[TarEntry.END_BYTES]);
    InputStream in = new ByteArrayInputStream(archive.toByteArray());
    assertEquals(Optional.of(entry), TarEntry.next(in, "file"));
    assertEquals(Optional.empty(), TarEntry.next(in, "file"));
    SoleboxException none =
        assertThrows(
            SoleboxException.class, () -> TarEntry.next(InputStream.nullInputStream(), "file"));
    assertEquals(ErrorCode.BAD_BUNDLE, none.code());
  }
}
