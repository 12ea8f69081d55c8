package io.solebox.store.edit;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/** Tensors of a model on their way to other files, as they are; they come in one or several. */
final class GgufCopy {
  /** Says where data of a tensor begins; {@link GgufWriter} fixes it. */
  static final String ALIGNMENT = "general.alignment";

  private static final int STEP_BYTES = 8 << 20;

  private final ModelSource source;
  private final Progress progress;
  private final long all;
  private long done;

  GgufCopy(ModelSource source, Progress progress) {
    this.source = source;
    this.progress = progress;
    this.all = source.tensors().stream().mapToLong(TensorInfo::bytes).sum();
  }

  /** Adds tensors to a file. */
  void add(GgufWriter writer, List<TensorInfo> tensors) {
    for (TensorInfo tensor : tensors) {
      writer.tensor(tensor.name(), tensor.type(), tensor.shape(), out -> copy(tensor, out));
    }
  }

  private void copy(TensorInfo tensor, WritableByteChannel out) throws IOException {
    for (long at = 0; at < tensor.bytes(); at += STEP_BYTES) {
      long count = Math.min(STEP_BYTES, tensor.bytes() - at);
      ByteBuffer part = source.data(tensor).asSlice(at, count).asByteBuffer();
      while (part.hasRemaining()) {
        out.write(part);
      }
      wrote(tensor.name(), count);
    }
  }

  /** Tells how far it is. */
  void wrote(String tensor, long bytes) {
    done += bytes;
    progress.report("writing " + tensor, (double) done / all);
    if (progress.cancelled()) {
      throw new SoleboxException(ErrorCode.CANCELLED, tensor, "it was stopped", "Start it again.");
    }
  }
}
