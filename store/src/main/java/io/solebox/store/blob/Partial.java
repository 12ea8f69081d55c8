package io.solebox.store.blob;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A folder in which something comes to be, and which this owner alone has, until it closes it or
 * its process ends. The names {@code lock}, {@code owner} and {@code claims} in it are taken.
 */
public final class Partial implements AutoCloseable {
  /** How long a folder stays that nobody touches. */
  public static final Duration KEPT = Duration.ofDays(14);

  private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,127}");
  private static final String LOCK = "lock";
  private static final String OWNER = "owner";
  private static final String CLAIMS = "claims";

  private final Path folder;
  private final Disk disk;
  private final WriterLock storeLock;
  private final Trash trash;
  private final LockedFile own;

  private Partial(Path folder, Disk disk, WriterLock storeLock, Trash trash, LockedFile own) {
    this.folder = folder;
    this.disk = disk;
    this.storeLock = storeLock;
    this.trash = trash;
    this.own = own;
  }

  static String requireKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("no key of a partial: " + key);
    }
    return key;
  }

  /** Under the writer's lock: so the folder does not vanish between making and locking it. */
  static Partial own(Path folder, String purpose, Disk disk, WriterLock storeLock, Trash trash)
      throws IOException {
    Optional<LockedFile> own = LockedFile.tryLock(folder.resolve(LOCK));
    if (own.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.IN_USE,
          folder.toString(),
          "somebody else is at it: " + WriterLock.Owner.read(folder.resolve(OWNER)),
          "Wait until it is done, or end that process; what it has done stays.");
    }
    Files.writeString(folder.resolve(OWNER), WriterLock.Owner.describe(purpose));
    return new Partial(folder, disk, storeLock, trash, own.get());
  }

  public Path folder() {
    return folder;
  }

  /** A file of this folder. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /**
   * Says that these blobs will be named, there or not: from now on nobody removes them, as long as
   * this folder is there. To be called before they are looked for.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public void claim(Collection<Digest> digests) {
    try {
      storeLock.change(
          "claims blobs",
          () -> {
            Set<String> all = new TreeSet<>(lines(folder));
            digests.forEach(digest -> all.add(digest.hex()));
            disk.replace(file(CLAIMS), String.join("\n", all).getBytes(StandardCharsets.US_ASCII));
            return all;
          });
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  /** What the owner of a partial's folder has claimed. */
  public static Set<Digest> claims(Path folder) throws IOException {
    Set<Digest> claims = new HashSet<>();
    for (String line : lines(folder)) {
      Digest.ofHex(line).ifPresent(claims::add);
    }
    return claims;
  }

  private static Set<String> lines(Path folder) throws IOException {
    Path claims = folder.resolve(CLAIMS);
    return Files.exists(claims) ? Set.copyOf(Files.readAllLines(claims)) : Set.of();
  }

  /** Says that somebody still wants it. */
  public void touch() {
    try {
      Files.setLastModifiedTime(file(OWNER), FileTime.from(Instant.now()));
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  /** When somebody last wanted what is in a partial's folder. */
  public static Instant touched(Path folder) throws IOException {
    Path owner = folder.resolve(OWNER);
    return Files.getLastModifiedTime(Files.exists(owner) ? owner : folder).toInstant();
  }

  /** Whether a partial's folder has an owner now. */
  public static boolean isOwned(Path folder) throws IOException {
    return LockedFile.isLocked(folder.resolve(LOCK));
  }

  /** It is done, or nobody wants it: the folder goes, with all in it. Closes this. */
  public void discard() {
    try {
      storeLock.change(
          "ends with " + folder.getFileName(),
          () -> {
            try (own) {
              trash.take(folder);
            }
            return folder;
          });
      trash.empty();
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  /** Leaves the folder as it is, for whoever goes on. */
  @Override
  public void close() {
    try {
      own.close();
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }
}
