package io.solebox.store.quantize;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Makes the bytes of one chunk after the other; has scratch for one, and belongs to one thread. */
final class ChunkWorker {
  private final QuantizeJob job;
  private final Searches searches;
  private final Map<TensorType, RowEncoder> encoders = new EnumMap<>(TensorType.class);
  private float[] weights = new float[0];
  private float[] decoded = new float[0];
  private byte[] source = new byte[0];
  private byte[] out = new byte[0];
  private int outBytes;
  private String importanceOf = "";
  private Importance importance = Importance.UNKNOWN;

  ChunkWorker(QuantizeJob job, Searches searches) {
    this.job = job;
    this.searches = searches;
  }

  /** What {@link #run} made last, from its start on. */
  byte[] bytes() {
    return out;
  }

  /** How many of them count. */
  int byteCount() {
    return outBytes;
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} for a weight that is no number, with its place
   */
  Written run(Chunk chunk) {
    QuantizePlan.Planned planned = job.plan().tensors().get(chunk.tensor());
    TensorInfo info = planned.source();
    int count = chunk.rows() * info.cols();
    MemorySegment bytes = read(info, chunk);
    outBytes = Math.toIntExact(planned.target().bytes(count));
    if (out.length < outBytes) {
      out = new byte[outBytes];
    }
    if (weights.length < count) {
      weights = new float[count];
    }
    if (planned.isCopied()) {
      MemorySegment.copy(bytes, 0, MemorySegment.ofArray(out), 0, outBytes);
      if (!info.type().isQuantized()) {
        FloatRows.read(bytes, info.type(), weights, count);
        requireFinite(info, chunk, count);
      }
      return Written.NOTHING;
    }
    FloatRows.read(bytes, info.type(), weights, count);
    requireFinite(info, chunk, count);
    encoders
        .computeIfAbsent(planned.target(), type -> Encoders.of(type, searches))
        .encode(weights, chunk.rows(), info.cols(), importance(planned, chunk), out);
    return compare(planned.target(), count);
  }

  private MemorySegment read(TensorInfo info, Chunk chunk) {
    long rowBytes = info.type().bytes(info.cols());
    TensorBytes rows =
        job.source().bytes(info).slice(chunk.row() * rowBytes, chunk.rows() * rowBytes);
    return switch (rows) {
      case TensorBytes.Stored(MemorySegment segment) -> segment;
      case TensorBytes.Made made -> {
        int size = Math.toIntExact(made.size());
        source = source.length < size ? new byte[size] : source;
        MemorySegment own = MemorySegment.ofArray(source).asSlice(0, size);
        made.copyTo(own);
        yield own;
      }
      case TensorBytes.Absent absent -> absent.inMemory();
    };
  }

  private void requireFinite(TensorInfo info, Chunk chunk, int count) {
    if (FloatRows.areFinite(weights, count)) {
      return;
    }
    int i = 0;
    while (Float.isFinite(weights[i])) {
      i++;
    }
    throw new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        job.source().place() + ", " + Printable.name(info.name()),
        "weight %d of row %d is %s, and no number"
            .formatted(i % info.cols(), chunk.row() + i / info.cols(), weights[i]),
        "The model is damaged, or was damaged in training: download or convert it again.");
  }

  private Importance importance(QuantizePlan.Planned planned, Chunk chunk) {
    if (!importanceOf.equals(planned.source().name())) {
      Optional<ImportanceMatrix> all = job.importance();
      importance =
          all.flatMap(i -> i.of(planned.source()))
              .map(columns -> new Importance(columns, 0))
              .orElse(Importance.UNKNOWN);
      importanceOf = planned.source().name();
    }
    return importance.isKnown()
        ? new Importance(importance.columns(), chunk.matrix() * planned.source().cols())
        : importance;
  }

  private Written compare(TensorType type, int count) {
    decoded = decoded.length < count ? new float[count] : decoded;
    FloatRows.read(MemorySegment.ofArray(out), type, decoded, count);
    return FloatRows.compare(weights, decoded, count);
  }
}
