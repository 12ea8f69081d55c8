package io.solebox.engine.source.gguf;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A small sound file for tests to read and to damage. */
public final class TinyGguf {
  private TinyGguf() {}

  static Path write(Path path) {
    byte[] blocks = new byte[6 * 34];
    Arrays.fill(blocks, (byte) 17);
    new GgufWriter()
        .put("general.architecture", "llama")
        .put("llama.block_count", 7)
        .put("llama.epsilon", 1e-5f)
        .put("flag", true)
        .put("words", List.of("a", "", "ü€😀"))
        .put("ints", new int[] {-1, 0, 1 << 30})
        .put("floats", new float[] {-0.5f, 1e30f})
        .tensor("v", TensorType.F32, List.of(3L), data(new byte[12]))
        .tensor("m", TensorType.Q8_0, List.of(32L, 6L), data(blocks))
        .write(path);
    return path;
  }

  private static GgufWriter.TensorData data(byte[] bytes) {
    return GgufWriter.TensorData.of(MemorySegment.ofArray(bytes));
  }

  /** Little-endian f32. */
  public static GgufWriter.TensorData floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return data(bytes.array());
  }

  /** Where the characters of the key or tensor {@code name} begin. */
  public static int at(ByteBuffer file, String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    for (int i = 8; i + wanted.length < file.limit(); i++) {
      if (file.get(i - 8) == wanted.length
          && file.slice(i, wanted.length).equals(ByteBuffer.wrap(wanted))) {
        return i;
      }
    }
    throw new AssertionError(name + " is not in the file");
  }
}
