package io.solebox.store.pull;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufHeader;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.source.RemoteFile;
import io.solebox.store.pull.source.Source;
import io.solebox.store.pull.source.Variant;
import io.solebox.store.pull.transfer.ByteRange;
import io.solebox.store.pull.transfer.Origin;
import io.solebox.store.pull.transfer.RangeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model without its weights: headers, the tensors that stretch a context, and the last bytes,
 * each at its place in files that are otherwise holes. So all that can be known of a model before
 * it is loaded can be known before it is here, from the same code.
 */
public final class Peek implements AutoCloseable {
  private static final long FIRST_PART = 8L << 20;
  private static final long LATER_PART = 1L << 20;
  private static final long MOST = 256L << 20;
  private static final long TAIL = 1L << 16;
  private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

  private final Path folder;
  private final Path model;

  private Peek(Path folder, Path model) {
    this.folder = folder;
    this.model = model;
  }

  /**
   * @param scratch where the files are until this is closed
   * @return empty where the source gives no parts of files
   * @throws SoleboxException {@code BAD_MODEL_FILE} for what is no model; or as the source says
   */
  public static Optional<Peek> at(Variant variant, Source source, Outbound outbound, Path scratch)
      throws InterruptedException {
    variant.requireAllParts();
    try {
      Files.createDirectories(scratch);
      Path folder = Files.createTempDirectory(scratch, "solebox-peek-");
      var peek =
          new Peek(
              folder,
              variant.isFolder() ? folder : folder.resolve(variant.parts().getFirst().name()));
      boolean whole = false;
      try {
        long head = FIRST_PART;
        whole = true;
        for (RemoteFile part : variant.parts()) {
          whole = whole && peek.read(variant, part, source.origin(part), outbound, head);
          head = LATER_PART;
        }
        return whole ? Optional.of(peek) : Optional.empty();
      } catch (SoleboxException | IOException | InterruptedException e) {
        whole = false;
        throw e;
      } finally {
        if (!whole) {
          peek.close();
        }
      }
    } catch (IOException e) {
      throw StoreFailure.of(scratch, e);
    }
  }

  /** The model's file, its first part, or its folder; good until {@link #close()}. */
  public Path file() {
    return model;
  }

  private boolean read(
      Variant variant, RemoteFile part, Origin origin, Outbound outbound, long head)
      throws IOException, InterruptedException {
    Path path = folder.resolve(part.name());
    var reader = new RangeReader(outbound, origin, origin.locate());
    try (FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      if (variant.isFolder()) {
        return FolderPart.read(reader, file, part);
      }
      long here = 0;
      Optional<GgufHeader> header = Optional.empty();
      for (long want = head; header.isEmpty(); want *= 2) {
        long to = Math.min(part.bytes(), want);
        if (!reader.read(file, new ByteRange(here, to))) {
          return false;
        }
        here = to;
        header = header(path, file, here == part.bytes() || here >= MOST);
      }
      return rest(reader, file, header.get(), here, part.bytes());
    }
  }

  /** Empty where it goes on behind what is here. */
  private static Optional<GgufHeader> header(Path path, FileChannel file, boolean all)
      throws IOException {
    ByteBuffer magic = ByteBuffer.allocate(MAGIC.length);
    file.read(magic, 0);
    boolean isGguf = magic.flip().equals(ByteBuffer.wrap(MAGIC));
    try {
      return Optional.of(GgufHeader.read(path));
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.BAD_MODEL_FILE || all || !isGguf) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static boolean rest(
      RangeReader reader, FileChannel file, GgufHeader header, long here, long size)
      throws IOException, InterruptedException {
    if (here == size) {
      return true;
    }
    long tail = Math.max(here, size - TAIL);
    boolean read = reader.read(file, new ByteRange(tail, size));
    for (GgufHeader.Tensor tensor : header.tensors()) {
      long from = header.dataOffset() + tensor.offset();
      long elements = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
      long to = Math.min(tail, from + elements * Float.BYTES);
      if (tensor.name().startsWith("rope_") && from >= here && from < to && elements <= TAIL) {
        read = read && reader.read(file, new ByteRange(from, to));
      }
    }
    return read;
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }
}
