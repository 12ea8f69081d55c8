package io.solebox.app.update.file;

import io.solebox.engine.backend.Progress;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.sign.Envelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;

/**
 * A file {@code solebox-VERSION-ARCHITECTURE.update}: a line that says what it is, a line with the
 * signed manifest, and the parts, one behind the other, as they go to the disk. It is open, so that
 * who renames another file into its place changes nothing.
 *
 * <p>Nothing of it counts that no trusted key has signed: one is had only from {@link #open}.
 */
public final class UpdateFile implements AutoCloseable {
  /** Of manifests in envelopes. */
  static final String PAYLOAD = "application/vnd.solebox.update.v1+json";

  static final byte[] MAGIC = "solebox-update 1\n".getBytes(StandardCharsets.US_ASCII);

  /** Longest line of the manifest. */
  static final int MOST_HEAD = 64 << 10;

  private static final int PIECE_BYTES = 1 << 20;

  private final FileChannel channel;
  private final String place;
  private final Manifest manifest;
  private final String signer;
  private final long head;

  private UpdateFile(
      FileChannel channel, String place, Manifest manifest, String signer, long head) {
    this.channel = channel;
    this.place = place;
    this.manifest = manifest;
    this.signer = signer;
    this.head = head;
  }

  /**
   * Reads what stands before the parts, and how long the file is.
   *
   * @param keys of which one must have signed it
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} for what is no update, or
   *     not all of one; {@code UNTRUSTED}; {@code IO_ERROR}
   */
  public static UpdateFile open(Path file, TrustedKeys keys) {
    String place = file.toString();
    Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      requireFile(file);
      FileChannel channel = FileChannel.open(file, options);
      try {
        return read(channel, place, keys);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  /** Opening a pipe would wait for somebody who writes. */
  private static void requireFile(Path file) throws IOException {
    var attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw BadUpdate.because(
          file.toString(), "it is no regular file", "Name the file itself, and no link to it.");
    }
  }

  private static UpdateFile read(FileChannel channel, String place, TrustedKeys keys)
      throws IOException {
    byte[] first = bytes(channel, 0, MAGIC.length + MOST_HEAD);
    if (!Arrays.equals(Arrays.copyOf(first, MAGIC.length), MAGIC)) {
      throw BadUpdate.because(
          place, "it is no update of Solebox", "Choose a file solebox-….update.");
    }
    int end = MAGIC.length;
    while (end < first.length && first[end] != '\n') {
      end++;
    }
    if (end == first.length) {
      throw BadUpdate.damaged(place, "its manifest has no end");
    }
    Envelope envelope = Envelope.read(Arrays.copyOfRange(first, MAGIC.length, end), place);
    String signer = keys.verify(envelope, place);
    if (!envelope.payloadType().equals(PAYLOAD)) {
      throw BadUpdate.because(
          place, "what is signed is no update", "Choose a file solebox-….update.");
    }
    Manifest manifest = Manifest.read(envelope.payload(), place);
    long head = end + 1L;
    long bytes = channel.size();
    if (bytes != head + manifest.bytes()) {
      throw BadUpdate.damaged(
          place, "it has %d bytes, and should have %d".formatted(bytes, head + manifest.bytes()));
    }
    return new UpdateFile(channel, place, manifest, signer, head);
  }

  private static byte[] bytes(FileChannel channel, long from, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(most);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  public Manifest manifest() {
    return manifest;
  }

  /** The name that the key has here. */
  public String signer() {
    return signer;
  }

  /** For errors. */
  public String place() {
    return place;
  }

  /**
   * Reads all of it.
   *
   * @param progress hears how far that is
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} if a part is not what was
   *     signed; {@code IO_ERROR}
   */
  public void check(Progress progress) {
    long done = 0;
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    try {
      for (Part part : manifest.parts()) {
        MessageDigest sha256 = Digest.sha256();
        ReadableByteChannel bytes = bytesOf(part);
        while (bytes.read(piece.clear()) >= 0) {
          done += piece.flip().remaining();
          sha256.update(piece);
          progress.report("checking", (double) done / manifest.bytes());
        }
        if (!Digest.ofFinished(sha256).equals(part.digest())) {
          throw BadUpdate.damaged(
              place, "its %s is not what was signed".formatted(part.kind().word()));
        }
      }
    } catch (IOException e) {
      throw StoreFailure.of(Path.of(place), e);
    }
  }

  /** What a part holds now, from first to last; whoever uses it says whether that was signed. */
  public ReadableByteChannel bytesOf(Part part) {
    long from = part.kind() == Part.Kind.ROOT ? head : head + manifest.root().bytes();
    return new Stretch(channel, from, from + part.bytes());
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw StoreFailure.of(Path.of(place), e);
    }
  }
}
