package io.solebox.engine.source.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The first bytes of a file, which tell what it is.
 *
 * @param fileBytes of the whole file
 */
record Head(byte[] bytes, long fileBytes) {
  private static final int MOST_BYTES = 4096;

  static Head read(Path path, long fileBytes) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new Head(in.readNBytes(MOST_BYTES), fileBytes);
    }
  }

  /** Whether the Latin-1 characters of {@code text} stand at {@code offset}. */
  boolean has(int offset, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= offset + wanted.length && latin1(offset, wanted.length).equals(text);
  }

  boolean startsWith(String text) {
    return has(0, text);
  }

  /** A little-endian number of 4 bytes, or 0 where the file is shorter. */
  int intAt(int offset) {
    return bytes.length < offset + Integer.BYTES
        ? 0
        : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
  }

  /** A little-endian number of 8 bytes, or 0 where the file is shorter. */
  long longAt(int offset) {
    return bytes.length < offset + Long.BYTES
        ? 0
        : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
  }

  /** Up to {@code length} bytes as characters of the same numbers. */
  String latin1(int offset, int length) {
    int from = Math.clamp(offset, 0, bytes.length);
    int to = Math.clamp((long) from + length, from, bytes.length);
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** All of it as UTF-8, without byte order mark and leading space. */
  String text() {
    return new String(bytes, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "").stripLeading();
  }

  boolean isAllZero() {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a person could read it: characters, and no bytes that are none. */
  boolean isText() {
    String text = text();
    return !text.isEmpty()
        && text.chars().noneMatch(c -> c == '\uFFFD' || (c < ' ' && !Character.isWhitespace(c)));
  }
}
