package io.solebox.store.pull;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.intake.FolderFiles;
import io.solebox.store.pull.source.RemoteFile;
import io.solebox.store.pull.transfer.ByteRange;
import io.solebox.store.pull.transfer.RangeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * What is looked at of a folder of safetensors before it is here: all but the weights.
 *
 * <p>Source: https://huggingface.co/docs/safetensors, "Format".
 */
final class FolderPart {
  /** A vocabulary is smaller, and so is the header of any file of weights. */
  private static final long MOST = 128L << 20;

  private static final long FIRST = 1L << 20;

  private FolderPart() {}

  /**
   * Brings a file to its full length, with its header, or with all of it where it has no weights.
   *
   * @return false where the source gives no parts of files
   * @throws SoleboxException {@code BAD_MODEL_FILE} for what is no such file
   */
  static boolean read(RangeReader reader, FileChannel file, RemoteFile part)
      throws IOException, InterruptedException {
    if (!FolderFiles.isWeights(part.name())) {
      requireSmall(part, part.bytes());
      return reader.read(file, new ByteRange(0, part.bytes()));
    }
    long here = Math.min(FIRST, part.bytes());
    if (!reader.read(file, new ByteRange(0, here))) {
      return false;
    }
    long header = headerBytes(file, part);
    boolean read = header <= here || reader.read(file, new ByteRange(here, header));
    if (file.size() < part.bytes()) {
      file.write(ByteBuffer.allocate(1), part.bytes() - 1);
    }
    return read;
  }

  private static long headerBytes(FileChannel file, RemoteFile part) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(length, 0);
    long json = length.hasRemaining() ? -1 : length.getLong(0);
    if (json < 0 || json > part.bytes() - Long.BYTES) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          part.path(),
          "it does not begin as a file of safetensors does",
          "Pull another model, or tell its publisher.");
    }
    requireSmall(part, json);
    return Long.BYTES + json;
  }

  private static void requireSmall(RemoteFile part, long bytes) {
    if (bytes > MOST) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          part.path(),
          "it has %d bytes that describe a model, and at most %d are read".formatted(bytes, MOST),
          "Pull another model, or tell its publisher.");
    }
  }
}
