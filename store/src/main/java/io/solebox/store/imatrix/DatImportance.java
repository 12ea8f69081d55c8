package io.solebox.store.imatrix;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Importance matrices as llama.cpp wrote them before GGUF, little-endian: i32 entries; for each i32
 * length, name, i32 calls, i32 values, f32 values that are the calls' sum of mean squares; then, in
 * most files, i32 chunks, i32 length, name of the text.
 */
final class DatImportance {
  private static final int MOST_OF_A_NAME = 4096;

  private DatImportance() {}

  static ImportanceMatrix read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    OptionalInt chunks = OptionalInt.empty();
    List<String> datasets = List.of();
    try {
      int count = in.getInt();
      if (count < 1) {
        throw notOne(file);
      }
      for (int i = 0; i < count; i++) {
        entries.put(text(in, file), entry(in, file));
      }
      if (in.hasRemaining()) {
        chunks = OptionalInt.of(in.getInt());
        datasets = in.hasRemaining() ? List.of(text(in, file)) : List.of();
      }
    } catch (BufferUnderflowException e) {
      var bad = ImportanceFiles.bad(file, "the file is cut short, or is no importance matrix");
      bad.initCause(e);
      throw bad;
    }
    if (in.hasRemaining()) {
      throw notOne(file);
    }
    return new ImportanceMatrix(file.toString(), datasets, chunks, OptionalInt.empty(), entries);
  }

  /**
   * The bytes of a file. Calls are chunks; an expert that nothing came to has mean squares of 1,
   * and of several texts the last one is named, as llama.cpp does.
   */
  static ByteBuffer bytes(ImportanceMatrix matrix) {
    List<byte[]> names = matrix.entries().keySet().stream().map(DatImportance::utf8).toList();
    byte[] text = utf8(matrix.datasets().isEmpty() ? "" : matrix.datasets().getLast());
    long values = matrix.entries().values().stream().mapToLong(entry -> entry.sums().length).sum();
    long size = 4 * (3 + 3L * names.size() + values) + text.length;
    size += names.stream().mapToInt(name -> name.length).sum();
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(names.size());
    int chunkTokens = matrix.chunkTokens().orElse(1);
    matrix.entries().forEach((name, entry) -> put(out, utf8(name), entry, chunkTokens));
    out.putInt(matrix.chunks().orElse(0));
    return out.putInt(text.length).put(text).flip();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(
      ByteBuffer out, byte[] name, ImportanceMatrix.Entry entry, int chunkTokens) {
    float most = 0;
    for (float count : entry.counts()) {
      most = Math.max(most, count);
    }
    int calls = (int) Math.ceil(most / chunkTokens);
    float[] means = entry.means();
    out.putInt(name.length).put(name).putInt(calls).putInt(means.length);
    for (float mean : means) {
      out.putFloat(mean * calls);
    }
  }

  private static RuntimeException notOne(Path file) {
    return ImportanceFiles.bad(
        file, "this is no importance matrix, in GGUF or in the older format");
  }

  private static String text(ByteBuffer in, Path file) {
    int length = in.getInt();
    if (length < 0 || length > MOST_OF_A_NAME) {
      throw notOne(file);
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] utf8 = new byte[length];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static ImportanceMatrix.Entry entry(ByteBuffer in, Path file) {
    int calls = in.getInt();
    int size = in.getInt();
    if (size < 1 || calls < 0) {
      throw notOne(file);
    }
    if (size > in.remaining() / Float.BYTES) {
      throw new BufferUnderflowException();
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = in.getFloat();
    }
    return new ImportanceMatrix.Entry(values, new float[] {Math.max(1, calls)});
  }
}
