package io.solebox.store.convert;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.huggingface.HuggingFaceSource;
import io.solebox.engine.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A folder of Hugging Face on its way to a GGUF file, as llama.cpp's converter writes it. What is
 * written is known before anything is; tensors go one after the other from the mapped files through
 * a few MiB of memory. The same folder gives the same bytes each time.
 */
public final class Conversion implements AutoCloseable {
  private final HuggingFaceSource source;
  private final TensorType wanted;
  private final List<PlannedTensor> tensors;
  private final Map<String, MetadataValue> metadata;
  private final List<String> notes = new ArrayList<>();

  private Conversion(HuggingFaceSource source, ConversionOptions options) {
    this.source = source;
    List<TensorInfo> found = source.tensors();
    this.wanted = options.type().type().orElseGet(() -> TypeRules.first(found));
    this.tensors = found.stream().map(t -> new PlannedTensor(t, TypeRules.of(t, wanted))).toList();
    var headers = new ModelKeys(source, options.name());
    this.metadata = headers.keys(tensors, wanted);
    notes.addAll(source.notes());
    notes.addAll(headers.notes());
    noteFallbacks();
  }

  private void noteFallbacks() {
    List<String> others =
        tensors.stream()
            .filter(t -> t.type() == TensorType.F16 && wanted.isQuantized())
            .map(PlannedTensor::name)
            .toList();
    if (!others.isEmpty()) {
      notes.add(
          "%d matrices have rows that are no whole blocks of %s, and are written in F16: %s%s."
              .formatted(
                  others.size(),
                  wanted,
                  String.join(", ", others.subList(0, Math.min(4, others.size()))),
                  others.size() > 4 ? " and others" : ""));
    }
  }

  /**
   * Opens a folder and finds what to write; no weights are read.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND} for parts that are missing; {@code
   *     BAD_MODEL_FILE} naming file and field or tensor; {@code UNSUPPORTED_MODEL} for what this
   *     version or GGUF does not know
   */
  public static Conversion open(Path folder, ConversionOptions options) {
    HuggingFaceSource source = HuggingFaceSource.open(folder, ModelSource.Access.MAPPED);
    try {
      return new Conversion(source, options);
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  /** The folder as it is read; closed with this. */
  public ModelSource source() {
    return source;
  }

  /** In the order of the file. */
  public List<PlannedTensor> tensors() {
    return tensors;
  }

  /** The format of matrices. */
  public TensorType type() {
    return wanted;
  }

  /** In the order of the file. */
  public Map<String, MetadataValue> metadata() {
    return metadata;
  }

  /** What was found by the way, for people. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Bytes of the file. */
  public long bytes() {
    return writer(new Loss(), (_, _) -> {}).size();
  }

  private GgufWriter writer(Loss loss, Recoding.Watch watch) {
    var writer = new GgufWriter();
    metadata.forEach(writer::put);
    for (PlannedTensor tensor : tensors) {
      TensorInfo info = tensor.source();
      writer.tensor(
          tensor.name(),
          tensor.type(),
          info.shape(),
          Recoding.of(info, source.bytes(info), tensor.type(), loss, watch));
    }
    return writer;
  }

  /**
   * Writes the file; it has its name when it is whole.
   *
   * @return what the values lost
   * @throws SoleboxException {@code MODEL_FILE_CHANGED} if somebody writes to the folder meanwhile;
   *     {@code CANCELLED}; {@code IO_ERROR}
   */
  public Loss write(Path file, Progress progress) {
    Loss loss = new Loss();
    writer(loss, new Meter(progress, tensors)).write(file);
    source.checkUnchanged();
    return loss;
  }

  /** Turns bytes that were written into a share of the whole. */
  private static final class Meter implements Recoding.Watch {
    private final Progress progress;
    private final long all;
    private long done;

    Meter(Progress progress, List<PlannedTensor> tensors) {
      this.progress = progress;
      this.all = tensors.stream().mapToLong(PlannedTensor::bytes).sum();
    }

    @Override
    public void wrote(String tensor, long bytes) {
      done += bytes;
      progress.report("writing " + tensor, (double) done / all);
      if (progress.cancelled()) {
        throw new SoleboxException(
            ErrorCode.CANCELLED, tensor, "the conversion was stopped", "Start it again.");
      }
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
