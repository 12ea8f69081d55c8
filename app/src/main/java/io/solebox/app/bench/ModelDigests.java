package io.solebox.app.bench;

import io.solebox.app.bench.report.Subject.ModelPart;
import io.solebox.engine.api.SourceFile;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;

/** What a model's files hold: a store knows of its own, others are read. */
final class ModelDigests {
  private ModelDigests() {}

  /**
   * @param progress of 1
   */
  static List<ModelPart> of(Path model, ModelStore store, DoubleConsumer progress) {
    List<Path> files = SourceFile.filesOf(model);
    try {
      long whole = 1;
      for (Path file : files) {
        whole += Files.size(file);
      }
      var parts = new ArrayList<ModelPart>();
      var done = new AtomicLong();
      for (Path file : files) {
        parts.add(part(file, store, whole, done, progress));
      }
      return parts;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          model.toString(),
          "The model cannot be read (" + e + ").",
          "Check the file and its permissions.",
          e);
    }
  }

  private static ModelPart part(
      Path file, ModelStore store, long whole, AtomicLong done, DoubleConsumer progress)
      throws IOException {
    Optional<Digest> kept = store.blobs().digestOf(file.toRealPath());
    Digest digest =
        kept.isPresent()
            ? kept.get()
            : Digest.of(file, bytes -> progress.accept((double) done.addAndGet(bytes) / whole));
    return new ModelPart(String.valueOf(file.getFileName()), digest.hex());
  }
}
