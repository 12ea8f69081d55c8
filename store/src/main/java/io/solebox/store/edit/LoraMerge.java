package io.solebox.store.edit;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.adapter.LoraFile;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.Quantizer;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.convert.FreeSpace;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A model with an adapter added to its matrices for good: {@code W + scale B A}. Others stay as
 * they are.
 */
public final class LoraMerge {
  private static final int ROWS_AT_ONCE = 256;

  private LoraMerge() {}

  /** What was written. */
  public record Written(int matrices, long bytes) {}

  /**
   * What a person wishes.
   *
   * @param scale how much of the adapter; 1 is as it was trained
   * @param type of floats, for the matrices that change; as they are where it is empty
   * @param replace whether a file of this name may be replaced
   */
  public record Options(float scale, Optional<TensorType> type, boolean replace) {}

  /**
   * @param model a GGUF file, of several any
   * @throws SoleboxException as {@link LoraFile#open}; {@code INVALID_PARAMETER} for quantized
   *     matrices where no type is named, and for a name that is taken; {@code IO_ERROR}
   */
  public static Written write(
      Path model, Path adapter, Path out, Options options, Progress progress) {
    try (GgufSource source = GgufSource.open(model, Access.MAPPED);
        LoraFile lora = LoraFile.open(adapter, source, Access.MAPPED)) {
      Map<String, LoraFile.Pair> pairs = new LinkedHashMap<>();
      for (LoraFile.Pair pair : lora.pairs()) {
        pairs.put(pair.tensor(), pair);
        requireFloats(source, pair.tensor(), options);
      }
      var writer = new GgufWriter();
      Keys.copy(source, writer);
      var copy = new GgufCopy(source, progress);
      for (TensorInfo tensor : source.tensors()) {
        LoraFile.Pair pair = pairs.get(tensor.name());
        if (pair == null) {
          copy.add(writer, List.of(tensor));
        } else {
          TensorType type = options.type().orElse(tensor.type());
          var sum = new Sum(source, tensor, pair, options.scale() * pair.scale(), type, copy);
          writer.tensor(tensor.name(), type, tensor.shape(), sum);
        }
      }
      FreeSpace.require(out, writer.size(), options.replace());
      writer.write(out);
      source.checkUnchanged();
      lora.checkUnchanged();
      return new Written(pairs.size(), writer.size());
    }
  }

  private static void requireFloats(GgufSource source, String name, Options options) {
    TensorType type = source.tensor(name).orElseThrow().type();
    if (type.isQuantized() && options.type().isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          source.place() + ", tensor " + Printable.name(name),
          "the model is quantized (%s), and what an adapter adds would be rounded away or change all codes"
              .formatted(type),
          "Merge into a model in F16, BF16 or F32, or write the matrices that change as floats:"
              + " --type F16.");
    }
  }

  /** The bytes of a matrix with what is added to it. */
  private record Sum(
      GgufSource source,
      TensorInfo tensor,
      LoraFile.Pair pair,
      float scale,
      TensorType type,
      GgufCopy copy)
      implements GgufWriter.TensorData {
    @Override
    public void writeTo(WritableByteChannel out) throws IOException {
      int cols = tensor.cols();
      int rank = pair.a().rows();
      float[] a = new float[rank * cols];
      float[] b = new float[tensor.rows() * rank];
      pair.a().dequantize(a, 0);
      pair.b().dequantize(b, 0);
      MemorySegment data = source.data(tensor);
      for (int row = 0; row < tensor.rows(); row += ROWS_AT_ONCE) {
        int from = row;
        int count = Math.min(ROWS_AT_ONCE, tensor.rows() - row);
        byte[] written = new byte[Math.toIntExact(count * type.bytes(cols))];
        IntStream.range(0, count).parallel().forEach(r -> row(from + r, r, data, a, b, written));
        ByteBuffer bytes = ByteBuffer.wrap(written);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        copy.wrote(tensor.name(), count * tensor.type().bytes(cols));
      }
    }

    private void row(int row, int at, MemorySegment data, float[] a, float[] b, byte[] written) {
      int cols = tensor.cols();
      int rank = pair.a().rows();
      float[] values = new float[cols];
      long rowBytes = tensor.type().bytes(cols);
      BlockLayouts.of(tensor.type()).dequantize(data, row * rowBytes, values, 0, cols);
      for (int k = 0; k < rank; k++) {
        float factor = scale * b[row * rank + k];
        for (int i = 0; i < cols; i++) {
          values[i] += factor * a[k * cols + i];
        }
      }
      Quantizer quantizer = BlockLayouts.quantizer(type).orElseThrow();
      quantizer.quantize(values, 0, MemorySegment.ofArray(written), at * type.bytes(cols), cols);
    }
  }
}
