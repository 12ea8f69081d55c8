package io.solebox.store.layout;

import io.solebox.store.blob.Digest;
import io.solebox.store.blob.LockedFile;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which models are in use, by which process: {@code leases/<id>.lock}, which the process has locked
 * so that the lease ends with it, and {@code leases/<id>.lease}, which says what it is for. And
 * when each was used last: {@code used/<digest of the manifest>}. Safe for many threads.
 */
public final class Leases {
  private static final String LOCK = ".lock";
  private static final String LEASE = ".lease";

  private final Path folder;
  private final Path used;

  Leases(Path store) {
    this.folder = store.resolve("leases");
    this.used = store.resolve("used");
  }

  /** A model in use, until this is closed or its process ends. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Somebody else's lease, or an own one.
   *
   * @param by who, for people
   */
  public record Held(Digest manifest, String by) {}

  /**
   * Takes a lease. Who may not write to the store has none: nobody whom he could tell may either.
   *
   * @param manifest its digest
   * @param purpose as in {@code serves}
   */
  public Lease take(Digest manifest, String purpose) {
    String id = UUID.randomUUID().toString();
    try {
      Files.createDirectories(folder);
      LockedFile lock = LockedFile.tryLock(folder.resolve(id + LOCK)).orElseThrow();
      touch(manifest);
      Path text = folder.resolve(id + ".new");
      Files.writeString(text, manifest.hex() + "\n" + describe(purpose));
      // It appears locked, or somebody would think that its process has ended.
      Files.move(text, folder.resolve(id + LEASE), StandardCopyOption.ATOMIC_MOVE);
      return () -> end(id, lock);
    } catch (AccessDeniedException e) {
      return () -> {};
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("Read-only file system")) {
        return () -> {};
      }
      throw StoreFailure.of(folder, e);
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  private static String describe(String purpose) {
    return "process %d, which %s, since %s"
        .formatted(
            ProcessHandle.current().pid(), purpose, Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  private void end(String id, LockedFile lock) {
    try (lock) {
      Files.deleteIfExists(folder.resolve(id + LEASE));
      Files.deleteIfExists(folder.resolve(id + LOCK));
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  private void touch(Digest manifest) throws IOException {
    Files.createDirectories(used);
    Files.writeString(used.resolve(manifest.hex()), Instant.now().toString());
  }

  /** When a model was used last; empty where nobody did. */
  public Optional<Instant> lastUse(Manifest manifest) throws IOException {
    try {
      return Optional.of(
          Files.getLastModifiedTime(used.resolve(manifest.digest().hex())).toInstant());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether any model was ever used. */
  public boolean knowsUses() {
    return Files.isDirectory(used);
  }

  /** Where it is noted. */
  Path used() {
    return used;
  }

  /** Those that hold now. */
  public List<Held> held() throws IOException {
    List<Held> held = new ArrayList<>();
    try (DirectoryStream<Path> leases = Files.newDirectoryStream(folder, "*" + LEASE)) {
      for (Path lease : leases) {
        if (LockedFile.isLocked(lockOf(lease))) {
          List<String> lines = Files.readAllLines(lease);
          Digest.ofHex(lines.getFirst()).ifPresent(d -> held.add(new Held(d, lines.getLast())));
        }
      }
    } catch (NoSuchFileException e) {
      return held; // the folder, or a lease that has just ended
    }
    return held;
  }

  private Path lockOf(Path lease) {
    return folder.resolve(lease.getFileName().toString().replace(LEASE, LOCK));
  }

  /** Forgets leases of processes that ended without a word. Under the writer's lock. */
  void forgetDead() throws IOException {
    try (DirectoryStream<Path> leases = Files.newDirectoryStream(folder, "*" + LEASE)) {
      for (Path lease : leases) {
        if (!LockedFile.isLocked(lockOf(lease))) {
          Files.deleteIfExists(lease);
          Files.deleteIfExists(lockOf(lease));
        }
      }
    } catch (NoSuchFileException e) {
      // There was never one.
    }
  }
}
