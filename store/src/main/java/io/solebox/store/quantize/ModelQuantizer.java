package io.solebox.store.quantize;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Quantizes models: chunks of rows are read, computed and written by several threads, each of which
 * holds one in memory.
 */
public final class ModelQuantizer {
  private ModelQuantizer() {}

  /**
   * Makes a file. A try that was interrupted, by whatever, is gone on with by the next one of the
   * same job; the file appears under its name when it is whole.
   *
   * @param target replaced where it exists
   * @param threads at least 1
   * @throws SoleboxException {@code BAD_MODEL_FILE} for weights that are no numbers; {@code
   *     MODEL_FILE_CHANGED}; {@code CANCELLED}; {@code IN_USE} where the file is being made
   *     already; {@code DISK_FULL}, before anything is written; {@code IO_ERROR}
   */
  public static QuantizeReport run(QuantizeJob job, Path target, int threads, Progress progress) {
    GgufLayout layout = job.layout();
    try (PartialFile file = PartialFile.open(target, job.identity(layout), job.plan(), layout)) {
      try {
        List<Written> written = new ChunkCrew(job, file, layout, threads).run(progress);
        job.source().checkUnchanged();
        int resumed = file.found().size();
        file.finish();
        return new QuantizeReport(job.plan(), layout.fileBytes(), resumed, written);
      } catch (SoleboxException e) {
        if (e.code() == ErrorCode.BAD_MODEL_FILE || e.code() == ErrorCode.MODEL_FILE_CHANGED) {
          file.discard();
        }
        throw e;
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          target.toString(),
          "the file cannot be written (" + e + ")",
          "Check the folder's permissions and the free space; the same command goes on where this"
              + " one ended.",
          e);
    }
  }
}
