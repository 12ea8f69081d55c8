package io.solebox.store.bundle;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.convert.FreeSpace;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.sign.Envelope;
import io.solebox.store.sign.SigningKey;
import io.solebox.store.sign.Statement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Writes signed bundles. The same order makes the same bytes, but for the signature. */
public final class BundleMaker {
  /** The largest file that FAT32 holds. */
  public static final long MOST_OF_FAT = (1L << 32) - 1;

  /** The smallest piece that is worth a file. */
  public static final long LEAST_OF_PIECE = 64 << 10;

  private static final int COPY_BYTES = 1 << 20;
  private static final Set<String> FAT = Set.of("vfat", "msdos");

  private final Order order;
  private final Progress progress;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
  private final Map<Digest, BlobSource> sources = new HashMap<>();
  private long done;

  private BundleMaker(Order order, Progress progress) {
    this.order = order;
    this.progress = progress;
  }

  /** Something to bring, and where its blobs are. */
  public record Content(BundleItem item, Map<Digest, BlobSource> sources) {}

  /**
   * What to make.
   *
   * @param without blobs that those for whom it is have already
   * @param made to the second; boxes take nothing older of a name than they had
   * @param out the file, or what its pieces are called
   * @param pieceBytes at most in each piece, {@link #LEAST_OF_PIECE} or more; empty for one file
   * @param replace whether files of these names may be replaced
   */
  public record Order(
      List<Content> contents,
      Set<Digest> without,
      Instant made,
      Path out,
      OptionalLong pieceBytes,
      boolean replace) {
    public Order {
      contents = List.copyOf(contents);
      made = made.truncatedTo(ChronoUnit.SECONDS);
      if (pieceBytes.orElse(LEAST_OF_PIECE) < LEAST_OF_PIECE) {
        throw new IllegalArgumentException("pieces of " + pieceBytes.getAsLong() + " bytes");
      }
    }
  }

  /**
   * What was made.
   *
   * @param bytes of all files
   * @param omitted what the box must have already
   */
  public record Made(Digest id, List<Path> files, long bytes, List<Descriptor> omitted) {}

  /**
   * Makes a bundle, all of it or none.
   *
   * @throws SoleboxException {@code BAD_STORE} where a blob is not what its digest says; {@code
   *     DISK_FULL}, {@code INVALID_PARAMETER} before anything is written where it cannot be; {@code
   *     CANCELLED}
   */
  public static Made make(Order order, SigningKey key, Progress progress) {
    return new BundleMaker(order, progress).make(key);
  }

  private Made make(SigningKey key) {
    order.contents().forEach(content -> sources.putAll(content.sources()));
    var index =
        new BundleIndex(order.made(), order.contents().stream().map(Content::item).toList());
    String place = order.out().toString();
    BundlePlan plan = BundlePlan.of(index, order.without(), place);
    putAtHand(BundlePlan.LAYOUT_BYTES);
    putAtHand(index.bytes());
    index.items().forEach(item -> putAtHand(item.manifest().bytes()));
    Statement statement = plan.statement(index);
    Envelope envelope = key.sign(Envelope.IN_TOTO, statement.bytes());
    byte[] signature = envelope.bytes();
    long bytes = plan.size(signature.length);
    requireRoom(bytes);
    Digest id = Digest.of(envelope.payload());
    try (var out = PieceWriter.of(order.out(), bytes, order.pieceBytes(), id)) {
      var first = new TarEntry(BundlePlan.SIGNATURE, signature.length);
      out.write(ByteBuffer.wrap(first.header()));
      out.write(ByteBuffer.wrap(signature));
      pad(out, signature.length);
      for (BundlePlan.Entry entry : plan.entries()) {
        write(entry, plan.bytes(), out);
      }
      out.write(ByteBuffer.allocate(TarEntry.END_BYTES));
      out.finish();
      return new Made(id, out.files(), bytes, plan.omitted());
    } catch (IOException e) {
      throw StoreFailure.of(order.out(), e);
    }
  }

  private void putAtHand(byte[] content) {
    sources.put(Digest.of(content), new BlobSource.AtHand(content));
  }

  private void requireRoom(long bytes) {
    List<Path> files = PieceWriter.files(order.out(), bytes, order.pieceBytes());
    for (Path file : files) {
      FreeSpace.requireFree(file, order.replace());
    }
    if (order.pieceBytes().isPresent()) {
      requireNoFurther(PieceWriter.piece(order.out(), files.size() + 1));
    }
    FreeSpace.require(order.out(), bytes, true);
    Path folder = order.out().toAbsolutePath().getParent();
    try {
      long largest = Math.min(bytes, order.pieceBytes().orElse(bytes));
      if (largest > MOST_OF_FAT && FAT.contains(Files.getFileStore(folder).type())) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            order.out().toString(),
            "a file of %d bytes is too large for this file system (FAT)".formatted(largest),
            "Write it in pieces, with --split 4G.");
      }
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  /** Who imports these pieces would take it for one of them. */
  private static void requireNoFurther(Path next) {
    if (Files.exists(next)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          next.toString(),
          "this would lie behind the last piece, as if it were one of them",
          "Take away what is left of the earlier bundle, or take another name.");
    }
  }

  private void write(BundlePlan.Entry entry, long all, PieceWriter out) throws IOException {
    out.write(ByteBuffer.wrap(entry.tar().header()));
    Digest written =
        switch (sources.get(entry.digest())) {
          case BlobSource.AtHand(byte[] content) -> {
            out.write(ByteBuffer.wrap(content));
            yield Digest.of(content);
          }
          case BlobSource.InFile(Path file) -> copy(file, entry, all, out);
        };
    if (!written.equals(entry.digest())) {
      throw otherwise(entry, "it holds something else than its digest says");
    }
    pad(out, entry.tar().size());
  }

  /** No more than was announced, whatever becomes of the file meanwhile. */
  private Digest copy(Path file, BundlePlan.Entry entry, long all, PieceWriter out)
      throws IOException {
    MessageDigest sha256 = Digest.sha256();
    long left = entry.tar().size();
    try (FileChannel in = FileChannel.open(file)) {
      while (left > 0) {
        buffer.clear().limit((int) Math.min(COPY_BYTES, left));
        int read = in.read(buffer);
        if (read < 0) {
          throw otherwise(entry, "it is shorter than it should be");
        }
        sha256.update(buffer.flip());
        out.write(buffer.rewind());
        left -= read;
        report(read, all);
      }
    }
    return Digest.ofFinished(sha256);
  }

  private void report(long read, long all) {
    done += read;
    progress.report("writing", (double) done / all);
    if (progress.cancelled()) {
      throw new SoleboxException(
          ErrorCode.CANCELLED, "", "the bundle was interrupted", "Make it again.");
    }
  }

  private static SoleboxException otherwise(BundlePlan.Entry entry, String how) {
    return new SoleboxException(
        ErrorCode.BAD_STORE,
        entry.title(),
        "this file is damaged: " + how,
        "'solebox models verify' says what else is; pull or import the model again.");
  }

  private static void pad(PieceWriter out, long size) throws IOException {
    out.write(ByteBuffer.allocate((int) (TarEntry.padded(size) - size)));
  }
}
