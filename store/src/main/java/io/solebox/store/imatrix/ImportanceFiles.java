package io.solebox.store.imatrix;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads and writes importance matrices in either of their formats. */
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

  /** How a file of importance is written. */
  public enum Format {
    GGUF,
    /** What llama.cpp wrote before. It says nothing of single experts. */
    DAT
  }

  /**
   * Writes a file; one of this name is replaced when the new one is on the disk.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public static void write(Path file, ImportanceMatrix matrix, Format format) {
    switch (format) {
      case GGUF -> GgufImportance.write(file, matrix);
      case DAT -> writeWhole(file, DatImportance.bytes(matrix));
    }
  }

  private static void writeWhole(Path file, ByteBuffer bytes) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "the file cannot be written (" + e + ")",
          "Check the folder's permissions and the free space.",
          e);
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
