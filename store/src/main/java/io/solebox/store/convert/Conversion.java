package io.solebox.store.convert;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.huggingface.CodesAs;
import io.solebox.engine.source.huggingface.HuggingFaceSource;
import io.solebox.engine.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of Hugging Face on its way to a GGUF file, as llama.cpp's converter writes it. What is
 * written is known before anything is; tensors go one after the other from the mapped files through
 * a few MiB of memory. The same folder gives the same bytes each time.
 */
public final class Conversion implements AutoCloseable {
  private static final int MOST_NAMES = 4;

  private final HuggingFaceSource source;
  private final Optional<HuggingFaceSource> nearest;
  private final TensorType wanted;
  private final List<PlannedTensor> tensors;
  private final Map<String, MetadataValue> metadata;
  private final List<String> notes = new ArrayList<>();

  private Conversion(
      HuggingFaceSource source, Optional<HuggingFaceSource> nearest, ConversionOptions options) {
    this.source = source;
    this.nearest = nearest;
    List<TensorInfo> found = source.tensors();
    this.wanted = options.type().type().orElseGet(() -> TypeRules.first(found));
    this.tensors = found.stream().map(this::planned).toList();
    var headers = new ModelKeys(source, options.name());
    this.metadata = headers.keys(tensors, wanted);
    notes.addAll(nearest.orElse(source).notes());
    notes.addAll(headers.notes());
    noteFallbacks();
  }

  private PlannedTensor planned(TensorInfo tensor) {
    return new PlannedTensor(
        tensor, code(tensor).map(TensorInfo::type).orElseGet(() -> TypeRules.of(tensor, wanted)));
  }

  /** Of a matrix of codes, what it is in the nearest format; empty for all others. */
  private Optional<TensorInfo> code(TensorInfo tensor) {
    return nearest
        .flatMap(other -> other.tensor(tensor.name()))
        .filter(other -> other.type() != tensor.type());
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
                  String.join(", ", others.subList(0, Math.min(MOST_NAMES, others.size()))),
                  others.size() > MOST_NAMES ? " and others" : ""));
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
    List<HuggingFaceSource> opened = new ArrayList<>();
    try {
      opened.add(HuggingFaceSource.open(folder, Access.MAPPED, CodesAs.VALUES));
      boolean codes = opened.getFirst().hasCodes();
      if (codes && !options.nearest() && options.type() == OutputType.AUTO) {
        throw undecided(opened.getFirst());
      }
      if (codes && options.nearest()) {
        opened.add(HuggingFaceSource.open(folder, Access.MAPPED, CodesAs.NEAREST));
      }
      return new Conversion(opened.getFirst(), opened.stream().skip(1).findFirst(), options);
    } catch (RuntimeException | Error e) {
      opened.forEach(HuggingFaceSource::close);
      throw e;
    }
  }

  /** The folder as it is read; closed with this. */
  public ModelSource source() {
    return source;
  }

  private static SoleboxException undecided(HuggingFaceSource source) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        source.place(),
        "its matrices are stored as codes that GGUF has no format for: "
            + String.join(" ", source.notes()),
        "Let 'solebox convert' write what is to become of them: --nearest keeps codes in the"
            + " nearest format that GGUF has, --type F16 (or BF16, F32, Q8_0) the values that they"
            + " stand for.");
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
      writer.tensor(tensor.name(), tensor.type(), info.shape(), data(tensor, loss, watch));
    }
    return writer;
  }

  private GgufWriter.TensorData data(PlannedTensor tensor, Loss loss, Recoding.Watch watch) {
    TensorInfo info = tensor.source();
    return code(info)
        .map(
            code ->
                Recoding.compared(
                    info,
                    source.bytes(info),
                    code.type(),
                    nearest.orElseThrow().bytes(code),
                    loss,
                    watch))
        .orElseGet(() -> Recoding.of(info, source.bytes(info), tensor.type(), loss, watch));
  }

  /** Whether matrices are stored as codes that GGUF has no format for. */
  public boolean hasCodes() {
    return source.hasCodes();
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
    nearest.ifPresent(HuggingFaceSource::checkUnchanged);
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
    nearest.ifPresent(HuggingFaceSource::close);
  }
}
