package io.solebox.store.bundle;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Writes a bundle of known length, to one file or to pieces that are no larger than asked for. The
 * files have their names when all of them are whole.
 */
final class PieceWriter implements AutoCloseable {
  private final List<Path> files;
  private final OptionalLong pieceBytes;
  private final Digest bundle;
  private Optional<FileChannel> open = Optional.empty();
  private int begun;
  private long left;
  private boolean finished;

  private PieceWriter(List<Path> files, OptionalLong pieceBytes, Digest bundle) {
    this.files = files;
    this.pieceBytes = pieceBytes;
    this.bundle = bundle;
  }

  /**
   * @param pieceBytes at most in each file; empty for one file
   */
  static PieceWriter of(Path out, long bytes, OptionalLong pieceBytes, Digest bundle) {
    return new PieceWriter(files(out, bytes, pieceBytes), pieceBytes, bundle);
  }

  /** The files that there will be: {@code OUT}, or {@code OUT.001} and so on. */
  static List<Path> files(Path out, long bytes, OptionalLong pieceBytes) {
    if (pieceBytes.isEmpty()) {
      return List.of(out);
    }
    long payload = pieceBytes.getAsLong() - PieceHeader.BYTES;
    long count = (bytes + payload - 1) / payload;
    if (count > 999_999) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          out.toString(),
          "this would be %d pieces".formatted(count),
          "Allow larger ones.");
    }
    return IntStream.rangeClosed(1, (int) count).mapToObj(number -> piece(out, number)).toList();
  }

  /** What a piece is called. */
  static Path piece(Path out, int number) {
    return out.resolveSibling("%s.%03d".formatted(out.getFileName(), number));
  }

  List<Path> files() {
    return files;
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (open.isEmpty() || left == 0) {
        next();
      }
      int limit = bytes.limit();
      bytes.limit((int) Math.min(limit, bytes.position() + left));
      while (bytes.hasRemaining()) {
        left -= open.orElseThrow().write(bytes);
      }
      bytes.limit(limit);
    }
  }

  private void next() throws IOException {
    closeOpen();
    FileChannel channel =
        FileChannel.open(
            part(files.get(begun)),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    open = Optional.of(channel);
    begun++;
    left = Long.MAX_VALUE;
    if (pieceBytes.isPresent()) {
      ByteBuffer header = ByteBuffer.wrap(new PieceHeader(bundle, begun, files.size()).bytes());
      while (header.hasRemaining()) {
        channel.write(header);
      }
      left = pieceBytes.getAsLong() - PieceHeader.BYTES;
    }
  }

  private void closeOpen() throws IOException {
    if (open.isPresent()) {
      try (FileChannel channel = open.get()) {
        channel.force(true);
      }
      open = Optional.empty();
    }
  }

  /** All is written: the files get their names, the first one last. */
  void finish() throws IOException {
    closeOpen();
    for (Path file : files.reversed()) {
      Disk.SYSTEM.move(part(file), file);
    }
    Disk.SYSTEM.forceFolder(files.getFirst().toAbsolutePath().getParent());
    finished = true;
  }

  /** What was not finished is taken away. */
  @Override
  public void close() {
    try {
      closeOpen();
      if (!finished) {
        for (Path file : files.subList(0, begun)) {
          Files.deleteIfExists(part(file));
        }
      }
    } catch (IOException e) {
      throw StoreFailure.of(files.getFirst(), e);
    }
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }
}
