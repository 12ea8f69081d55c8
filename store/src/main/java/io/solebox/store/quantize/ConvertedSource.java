package io.solebox.store.quantize;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.convert.Conversion;
import io.solebox.store.convert.ConversionOptions;
import io.solebox.store.convert.OutputType;
import io.solebox.store.convert.PlannedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of Hugging Face as its conversion to GGUF would have it, without the file: all keys, the
 * vocabulary among them, and in F32 what a conversion always writes in F32. Matrices stay in the
 * format of the folder, so that nothing is rounded twice.
 */
public final class ConvertedSource implements ModelSource {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Conversion conversion;
  private final ModelSource folder;
  private final Metadata metadata;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  private ConvertedSource(Conversion conversion) {
    this.conversion = conversion;
    this.folder = conversion.source();
    var entries = new LinkedHashMap<String, Metadata.Entry>();
    for (Map.Entry<String, MetadataValue> key : conversion.metadata().entrySet()) {
      entries.put(key.getKey(), new Metadata.Entry(folder.place(), key.getValue()));
    }
    this.metadata = new Metadata(folder.place(), entries);
    for (PlannedTensor tensor : conversion.tensors()) {
      TensorInfo info = tensor.source();
      if (tensor.type() == TensorType.F32) {
        long bytes = TensorType.F32.bytes(info.elements());
        info = new TensorInfo(info.name(), TensorType.F32, info.shape(), bytes);
      }
      tensors.put(info.name(), info);
    }
  }

  /**
   * @param name of the model where the folder's says nothing
   * @throws io.solebox.engine.error.SoleboxException as {@link Conversion#open}
   */
  public static ConvertedSource open(Path folder, Optional<String> name) {
    return new ConvertedSource(
        Conversion.open(folder, new ConversionOptions(OutputType.AUTO, false, name)));
  }

  @Override
  public String place() {
    return folder.place();
  }

  @Override
  public String fileName() {
    return folder.fileName();
  }

  @Override
  public long fileBytes() {
    return folder.fileBytes();
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public TensorBytes bytes(TensorInfo tensor) {
    TensorInfo own = folder.tensor(tensor.name()).orElseThrow();
    TensorBytes bytes = folder.bytes(own);
    if (own.type() == tensor.type()) {
      return bytes;
    }
    return new TensorBytes.Made(
        (row, count, to) -> makeFloats(bytes, own, row, count, to),
        TensorType.F32.bytes(own.cols()),
        own.rows());
  }

  private static void makeFloats(
      TensorBytes bytes, TensorInfo info, int row, int count, MemorySegment to) {
    long rowBytes = info.type().bytes(info.cols());
    MemorySegment rows = MemorySegment.ofArray(new byte[Math.toIntExact(count * rowBytes)]);
    bytes.slice(row * rowBytes, count * rowBytes).copyTo(rows);
    float[] floats = new float[count * info.cols()];
    BlockLayouts.of(info.type()).dequantize(rows, 0, floats, 0, floats.length);
    MemorySegment.copy(floats, 0, to, FLOAT, 0, floats.length);
  }

  @Override
  public List<String> notes() {
    return conversion.notes();
  }

  @Override
  public void checkUnchanged() {
    folder.checkUnchanged();
  }

  @Override
  public void close() {
    conversion.close();
  }
}
