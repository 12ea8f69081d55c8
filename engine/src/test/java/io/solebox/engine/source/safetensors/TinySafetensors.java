package io.solebox.engine.source.safetensors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes safetensors files for tests: sound ones, and any header at all. */
public final class TinySafetensors {
  static final String SOUND =
      """
      {"__metadata__":{"format":"pt"},
       "w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
       "b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},
       "n":{"dtype":"I64","shape":[],"data_offsets":[32,40]}}""";

  private TinySafetensors() {}

  /** A header, its length before it and {@code dataBytes} bytes (0, 1, 2 and so on) behind it. */
  static byte[] bytes(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (int i = 0; i < dataBytes; i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  static Path write(Path path, String header, int dataBytes) {
    return write(path, bytes(header, dataBytes));
  }

  static Path write(Path path, byte[] bytes) {
    try {
      return Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
