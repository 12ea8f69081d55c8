package io.solebox.engine.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Knows a download that reserved its space and did not end: the file has its full size, and zeros
 * from some place on. Its header may be sound, and the model would load and talk nonsense.
 */
public final class ReservedTail {
  private static final int LOOK_BYTES = 1 << 12;

  /**
   * Zeros over one in this many bytes of the last matrix are refused: padding of a vocabulary is
   * zero too, and covers less.
   */
  private static final int SHARE = 4;

  private ReservedTail() {}

  /**
   * Why a header could not be read.
   *
   * @return {@code found}, or a better reason
   */
  public static SoleboxException explain(
      SoleboxException found, Path path, FileChannel channel, long fileBytes) throws IOException {
    if (found.code() != ErrorCode.BAD_MODEL_FILE || fileBytes < 2L * LOOK_BYTES) {
      return found;
    }
    ByteBuffer tail = ByteBuffer.allocate(LOOK_BYTES);
    while (tail.hasRemaining()) {
      if (channel.read(tail, fileBytes - tail.remaining()) < 0) {
        return found;
      }
    }
    return zeroBytesAtEnd(MemorySegment.ofArray(tail.array())) == LOOK_BYTES
        ? refusal(path, "its end holds only zeros")
        : found;
  }

  /**
   * Looks at the last tensor of weights; a sound file costs one page.
   *
   * @param tensor its name
   * @param offset where its data begins in the file
   * @throws SoleboxException {@code BAD_MODEL_FILE}
   */
  public static void check(Path path, String tensor, long offset, MemorySegment data) {
    long zeros = zeroBytesAtEnd(data);
    if (zeros > 0 && zeros >= data.byteSize() / SHARE) {
      long from = offset + data.byteSize() - zeros;
      throw refusal(
          path,
          "from offset " + from + " on, in tensor " + Printable.name(tensor) + ", it is all zeros");
    }
  }

  private static long zeroBytesAtEnd(MemorySegment data) {
    long at = data.byteSize();
    while (at >= Long.BYTES && data.get(ValueLayout.JAVA_LONG_UNALIGNED, at - Long.BYTES) == 0) {
      at -= Long.BYTES;
    }
    while (at > 0 && data.get(ValueLayout.JAVA_BYTE, at - 1) == 0) {
      at--;
    }
    return data.byteSize() - at;
  }

  private static SoleboxException refusal(Path path, String what) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        path.toString(),
        "the file has its full size but not its contents: "
            + what
            + ", as after a download that reserved its space and broke off",
        "Download the file again, or let the download program end it.");
  }
}
