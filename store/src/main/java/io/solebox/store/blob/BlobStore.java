package io.solebox.store.blob;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files that are named by what they hold and never change, {@code blobs/sha256/<2 hex>/<hex>}; and
 * the folders {@code partial/<key>} in which they come to be. Safe for many threads and processes.
 *
 * <p>A blob that nothing names is garbage. Whoever will name one claims it first ({@link
 * Partial#claim}), and holds the partial until it is named.
 */
public final class BlobStore {
  private final Path store;
  private final Disk disk;
  private final WriterLock lock;
  private final Trash trash;

  private BlobStore(Path store, Disk disk) {
    this.store = store;
    this.disk = disk;
    this.lock = new WriterLock(store, disk);
    this.trash = new Trash(store, disk);
  }

  /**
   * @param store the folder of the store, made with the first change
   * @param disk what changes it
   * @throws SoleboxException {@code BAD_STORE} where another version made it
   */
  public static BlobStore open(Path store, Disk disk) {
    try {
      StoreFormat.check(store);
      return new BlobStore(store, disk);
    } catch (IOException e) {
      throw StoreFailure.of(store, e);
    }
  }

  /** Whether a folder is the one of a store. */
  public static boolean isStore(Path folder) {
    return Files.isRegularFile(StoreFormat.file(folder));
  }

  /** Where a blob is or would be. */
  public Path pathOf(Digest digest) {
    return root().resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  /** Where all of them are. */
  public Path root() {
    return store.resolve("blobs").resolve("sha256");
  }

  public Optional<Path> find(Digest digest) {
    return Optional.of(pathOf(digest)).filter(Files::isRegularFile);
  }

  /**
   * By which a file is kept; empty for one that is none of the blobs.
   *
   * @param file without symbolic links
   */
  public Optional<Digest> digestOf(Path file) {
    try {
      return Files.isDirectory(root()) && file.startsWith(root().toRealPath())
          ? Digest.ofHex(file.getFileName().toString())
          : Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of(root(), e);
    }
  }

  /**
   * Makes a blob of a file, durably; the file is gone afterwards. Where the blob is there already
   * it stays as it is.
   *
   * @param finished in the store's file system, as those in a {@link Partial} are
   * @param digest of what {@code finished} holds, which whoever wrote it has computed
   * @return the blob
   * @throws SoleboxException {@code IO_ERROR}
   */
  public Path install(Path finished, Digest digest) {
    Path blob = pathOf(digest);
    try {
      if (Files.isRegularFile(blob) && Files.size(blob) == Files.size(finished)) {
        disk.delete(finished);
        return blob;
      }
      disk.force(finished);
      disk.protect(finished);
      disk.createFolders(blob.getParent());
      disk.move(finished, blob);
      disk.forceFolder(blob.getParent());
      return blob;
    } catch (IOException e) {
      throw StoreFailure.of(blob, e);
    }
  }

  /** As {@link #install}, of bytes that are at hand. */
  public Path install(Partial partial, byte[] content) {
    Digest digest = Digest.of(content);
    Path file = partial.file(digest.hex());
    try {
      disk.write(file, content);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
    return install(file, digest);
  }

  /**
   * The folder in which something comes to be. It is there as it was left, whatever ended the last
   * owner, until nobody has touched it for {@link Partial#KEPT}.
   *
   * @param key of whatever must be the same to go on: lower-case letters, digits and hyphens
   * @param purpose for others who want it meanwhile, as in {@code pulls llama3.2}
   * @throws SoleboxException {@code IN_USE} where another owner has it, with who that is
   */
  public Partial partial(String key, String purpose) {
    Path folder = partials().resolve(Partial.requireKey(key));
    try {
      return lock.change(
          "begins with " + key,
          () -> {
            disk.createFolders(folder);
            return Partial.own(folder, purpose, disk, lock, trash);
          });
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  /** Where all of them are. */
  public Path partials() {
    return store.resolve("partial");
  }

  public Trash trash() {
    return trash;
  }

  /**
   * A text that is another one after each change of the store, whoever makes it; empty while
   * somebody does, and where nothing was ever changed.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public Optional<String> lastChange() {
    try {
      return ChangeMark.of(store).read();
    } catch (IOException e) {
      throw StoreFailure.of(store, e);
    }
  }

  /** Lets one at a time change the store. */
  public WriterLock lock() {
    return lock;
  }
}
