package io.solebox.store.imatrix;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads importance matrices in either of their formats. */
public final class ImportanceFiles {
  private static final byte[] GGUF = "GGUF".getBytes(StandardCharsets.US_ASCII);

  private ImportanceFiles() {}

  /**
   * Reads a GGUF file or one of llama.cpp's older {@code .dat} files, told apart by how they begin.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}; {@code BAD_MODEL_FILE} for what is damaged or
   *     no importance matrix; {@code IO_ERROR}
   */
  public static ImportanceMatrix read(Path file) {
    FileStamp.of(file);
    try {
      return isGguf(file) ? GgufImportance.read(file) : DatImportance.read(file);
    } catch (IOException e) {
      throw FileStamp.unreadable(file, e);
    }
  }

  private static boolean isGguf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(GGUF.length), GGUF);
    }
  }

  static SoleboxException bad(Path file, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        file.toString(),
        message,
        "Make the importance matrix again, or download it again.");
  }
}
