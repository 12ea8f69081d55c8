package io.solebox.server.files;

import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.FileStore.Draft;
import io.solebox.server.http.Digests;
import io.solebox.server.seal.FileKey;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * A file while it is written, sealed from its first byte on. Closed it is gone, unless it was
 * {@link #described}. Owned by one thread.
 */
public final class NewFile implements AutoCloseable {
  private final Path folder;
  private final String id;
  private final FileKey key;
  private final MessageDigest digest = Digests.sha256();
  private Optional<Path> path = Optional.empty();
  private long bytes;

  NewFile(Path folder, String id, FileKey key) {
    this.folder = folder;
    this.id = id;
    this.key = key;
  }

  static String newId() {
    return "file-" + UUID.randomUUID().toString().replace("-", "");
  }

  /** Takes its bytes, once; when that was closed they are on the disk, whatever happens. */
  public OutputStream open() throws IOException {
    Path part =
        Files.createTempFile(
            folder,
            "new",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    path = Optional.of(part);
    return new DigestOutputStream(new Counting(key.write(part)), digest);
  }

  private final class Counting extends FilterOutputStream {
    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] from, int at, int count) throws IOException {
      out.write(from, at, count);
      bytes += count;
    }
  }

  /** How many it has so far. */
  long bytes() {
    return bytes;
  }

  /** It is written, and goes where the draft goes. */
  public Draft described(Description about) {
    Path written = path.orElseThrow();
    path = Optional.empty();
    return new Draft(id, written, bytes, HexFormat.of().formatHex(digest.digest()), about);
  }

  @Override
  public void close() {
    path.ifPresent(FileFolder::discard);
  }
}
