package io.solebox.server.files;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.storage.Database;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Files that people have sent and batches have written, each for its owner alone: a row, and a file
 * of its id in one folder. A row is written when its file is there, and goes before it.
 */
public final class FileStore implements Expiry {
  private final Database database;
  private final Path folder;
  private final Clock clock;

  /**
   * What is known of a file.
   *
   * @param created seconds since 1970, as {@code expires}
   * @param digest SHA-256, in hexadecimal
   */
  public record StoredFile(
      String id,
      long created,
      Optional<Long> expires,
      String name,
      String purpose,
      long bytes,
      String digest) {}

  /** What is said of a new file. */
  public record Description(String owner, String name, String purpose, Optional<Long> lifetime) {}

  /**
   * Sweeps what an earlier process left half written.
   *
   * @param folder made where it is missing
   */
  public FileStore(Database database, Path folder, Clock clock) {
    this.database = database;
    this.folder = folder;
    this.clock = clock;
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      sweep();
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private void sweep() throws IOException {
    Set<String> known =
        new HashSet<>(
            database.transaction(sql -> sql.list(row -> row.getString(1), "SELECT id FROM file")));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        boolean ours = name.startsWith("file-") || name.endsWith(".part");
        if (ours && !known.contains(name)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Where new files are written. */
  public Path folder() {
    return folder;
  }

  /**
   * Takes a file that lies in {@link #folder()}.
   *
   * @param path moved
   */
  public StoredFile add(Path path, long bytes, String digest, Description about) {
    long now = clock.instant().getEpochSecond();
    StoredFile file =
        new StoredFile(
            "file-" + UUID.randomUUID().toString().replace("-", ""),
            now,
            about.lifetime().map(seconds -> now + seconds),
            about.name(),
            about.purpose(),
            bytes,
            digest);
    try {
      Files.move(path, path(file.id()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(path, e);
    }
    database.transaction(sql -> insert(sql, file, about.owner()));
    return file;
  }

  private static int insert(Sql sql, StoredFile file, String owner) throws SQLException {
    return sql.update(
        "INSERT INTO file (id, owner, created, expires, name, purpose, bytes, digest)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        file.id(),
        owner,
        file.created(),
        file.expires().orElse(null),
        file.name(),
        file.purpose(),
        file.bytes(),
        file.digest());
  }

  private static StoredFile read(ResultSet row) throws SQLException {
    long expires = row.getLong("expires");
    return new StoredFile(
        row.getString("id"),
        row.getLong("created"),
        row.wasNull() ? Optional.empty() : Optional.of(expires),
        row.getString("name"),
        row.getString("purpose"),
        row.getLong("bytes"),
        row.getString("digest"));
  }

  /** All of an owner, the oldest first. */
  public List<StoredFile> all(String owner) {
    deleteExpired();
    return database.transaction(
        sql ->
            sql.list(
                FileStore::read,
                "SELECT * FROM file WHERE owner = ? ORDER BY created, rowid",
                owner));
  }

  public Optional<StoredFile> find(String id, String owner) {
    deleteExpired();
    return database.transaction(
        sql ->
            sql.first(FileStore::read, "SELECT * FROM file WHERE id = ? AND owner = ?", id, owner));
  }

  /** Where the content of a file lies. */
  public Path path(String id) {
    return folder.resolve(id);
  }

  /** Returns whether there was one. */
  public boolean delete(String id, String owner) {
    boolean found =
        database.transaction(
            sql -> sql.update("DELETE FROM file WHERE id = ? AND owner = ?", id, owner) > 0);
    if (found) {
      remove(id);
    }
    return found;
  }

  private int deleteExpired() {
    return deleteWhere("expires <= ?", clock.instant().getEpochSecond());
  }

  /** Those with a time of their own go by that; what a batch still reads stays. */
  @Override
  public Map<String, Integer> expire(OptionalLong before) {
    int gone = deleteExpired();
    if (before.isPresent()) {
      gone +=
          deleteWhere(
              "expires IS NULL AND created < ? AND id NOT IN (SELECT input_file FROM batch WHERE"
                  + " status IN ('validating', 'in_progress', 'finalizing', 'cancelling'))",
              before.getAsLong());
    }
    return Map.of("files", gone);
  }

  private int deleteWhere(String condition, long time) {
    List<String> old =
        database.transaction(
            sql -> {
              List<String> ids =
                  sql.list(row -> row.getString(1), "SELECT id FROM file WHERE " + condition, time);
              for (String id : ids) {
                sql.update("DELETE FROM file WHERE id = ?", id);
              }
              return ids;
            });
    old.forEach(this::remove);
    return old.size();
  }

  private void remove(String id) {
    try {
      Files.deleteIfExists(path(id));
    } catch (IOException e) {
      throw failure(path(id), e);
    }
  }

  private static SoleboxException failure(Path place, IOException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        place.toString(),
        "A file cannot be kept: " + cause.getMessage() + ".",
        "See that there is space and that the folder can be written.",
        cause);
  }
}
