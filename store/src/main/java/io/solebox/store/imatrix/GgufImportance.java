package io.solebox.store.imatrix;

import io.solebox.engine.error.Printable;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Importance matrices in GGUF: {@code <matrix>.in_sum2}, F32 [cols, experts], and {@code
 * <matrix>.counts}, F32 [1, experts] (ggml-org/llama.cpp: tools/imatrix).
 */
final class GgufImportance {
  private static final String SUMS = ".in_sum2";
  private static final String COUNTS = ".counts";

  private static final String DATASETS_KEY = "imatrix.datasets";
  private static final String CHUNKS_KEY = "imatrix.chunk_count";
  private static final String CHUNK_TOKENS_KEY = "imatrix.chunk_size";

  private GgufImportance() {}

  static ImportanceMatrix read(Path file) {
    try (GgufSource source = GgufSource.openImportance(file, ModelSource.Access.COPIED)) {
      Map<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
      for (TensorInfo sums : source.tensors()) {
        if (sums.name().endsWith(SUMS)) {
          String name = sums.name().substring(0, sums.name().length() - SUMS.length());
          TensorInfo counts =
              source
                  .tensor(name + COUNTS)
                  .orElseThrow(
                      () -> ImportanceFiles.bad(file, name + " has sums, but no " + COUNTS));
          entries.put(name, entry(file, source, sums, counts));
        }
      }
      requireKnown(file, source, entries);
      return matrix(file, source.metadata(), entries);
    }
  }

  /** Newer files also have sums of the inputs themselves, which quantizing has no use for. */
  private static void requireKnown(
      Path file, GgufSource source, Map<String, ImportanceMatrix.Entry> entries) {
    for (TensorInfo tensor : source.tensors()) {
      String name = tensor.name().replaceFirst("\\.(in_sum2?|counts)$", "");
      if (!entries.containsKey(name) || name.equals(tensor.name())) {
        throw ImportanceFiles.bad(
            file, Printable.name(tensor.name()) + " is neither sums of a matrix nor their counts");
      }
    }
  }

  /** Appears under its name when it is whole. */
  static void write(Path file, ImportanceMatrix matrix) {
    var writer = new GgufWriter();
    writer.put("general.type", "imatrix").put(DATASETS_KEY, matrix.datasets());
    matrix.chunks().ifPresent(n -> writer.put(CHUNKS_KEY, n));
    matrix.chunkTokens().ifPresent(n -> writer.put(CHUNK_TOKENS_KEY, n));
    matrix
        .entries()
        .forEach(
            (name, entry) -> {
              long experts = entry.counts().length;
              tensor(writer, name + SUMS, entry.sums(), entry.sums().length / experts, experts);
              tensor(writer, name + COUNTS, entry.counts(), 1, experts);
            });
    writer.write(file);
  }

  private static void tensor(
      GgufWriter writer, String name, float[] values, long cols, long experts) {
    writer.tensor(
        name,
        TensorType.F32,
        List.of(cols, experts),
        out -> {
          ByteBuffer bytes =
              ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asFloatBuffer().put(values);
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        });
  }

  private static ImportanceMatrix.Entry entry(
      Path file, ModelSource source, TensorInfo sums, TensorInfo counts) {
    long experts = counts.elements();
    if (sums.elements() != sums.cols() * experts) {
      throw ImportanceFiles.bad(
          file, sums.name() + " has shape " + sums.shape() + " for " + experts + " counts");
    }
    return new ImportanceMatrix.Entry(floats(file, source, sums), floats(file, source, counts));
  }

  private static float[] floats(Path file, ModelSource source, TensorInfo tensor) {
    if (tensor.type() != TensorType.F32) {
      throw ImportanceFiles.bad(file, tensor.name() + " is in " + tensor.type() + ", and not F32");
    }
    float[] values = new float[Math.toIntExact(tensor.elements())];
    BlockLayouts.of(TensorType.F32).dequantize(source.data(tensor), 0, values, 0, values.length);
    return values;
  }

  private static ImportanceMatrix matrix(
      Path file, Metadata metadata, Map<String, ImportanceMatrix.Entry> entries) {
    return new ImportanceMatrix(
        file.toString(),
        metadata.has(DATASETS_KEY) ? metadata.strings(DATASETS_KEY) : List.of(),
        number(metadata, CHUNKS_KEY),
        number(metadata, CHUNK_TOKENS_KEY),
        entries);
  }

  private static OptionalInt number(Metadata metadata, String key) {
    return metadata.has(key) ? OptionalInt.of(metadata.intValue(key)) : OptionalInt.empty();
  }
}
